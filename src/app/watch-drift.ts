import type { Tables } from '../contract/tables.ts'
import { insertAlert } from '../ledger/alerts.sql.ts'
import { bookCalls } from '../ledger/book-calls.sql.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import { checkDrift, type DriftOptions } from '../spaces/check-drift.ts'
import type { Spaces } from './create-spaces.ts'

const hourMs = 3_600_000
const lookEveryMs = 5 * 60_000

export interface DriftWatch {
  database: Database<Tables>
  spaces: Spaces
  /** 0: never. */
  everyHours: number
  onError(error: unknown): void
}

/** Looks now and then whether the models still give the vectors that they gave; every process may, one does. */
export function watchDrift(watch: DriftWatch): { stop(): Promise<void> } {
  if (watch.everyHours === 0) return { stop: async () => {} }
  return repeat(() => checkDriftNow(watch), lookEveryMs, watch.onError)
}

export async function checkDriftNow({ database, spaces, everyHours, onError }: DriftWatch): Promise<void> {
  const alert: DriftOptions['alert'] = (session, { tenantId, spaceId }, leastCosine, texts) =>
    insertAlert(session, tenantId, 'vector_drift', `${spaceId}/${new Date().toISOString().slice(0, 10)}`, {
      spaceId,
      leastCosine,
      texts,
    })
  await checkDrift({ database, serviceOf: spaces.serviceById, bookCalls, alert, onError }, everyHours * hourMs)
}
