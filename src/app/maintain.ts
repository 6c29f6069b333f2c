import type { Tables } from '../contract/tables.ts'
import { forgetOldEvents } from '../events/forget-old-events.ts'
import { keepTrafficByHour } from '../health/history.sql.ts'
import { foldSpending } from '../ledger/fold-spending.sql.ts'
import type { BlobStore } from '../platform/blob-folder.fs.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import { forgetOldDecisions } from '../router/route-log.sql.ts'
import { indexLargeSpaces } from '../search/vector-index.sql.ts'
import { pruneWebhookEvents } from '../webhooks/events.sql.ts'
import { pruneRefusals } from '../webhooks/refusals.sql.ts'
import { analyzeEmbedded, checkpointEmbedded, cleanUp, vacuumChanges, vacuumEmbedded } from './maintain.sql.ts'
import type { Configuration } from './settings.ts'

const secondMs = 1_000
const minuteMs = 60_000
const indexFromOnPostgres = 20_000

/** Starts the chores that nobody waits for; `stop` waits for the ones under way. */
export function maintain(
  database: Database<Tables>,
  blobs: BlobStore,
  { vectorIndexAt }: Configuration,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  const embedded = database.kind === 'embedded'
  const indexFrom = vectorIndexAt === 'auto' ? (embedded ? 0 : indexFromOnPostgres) : vectorIndexAt
  const chores = [repeat(() => cleanUp(database, blobs), 60 * minuteMs, onError)]
  chores.push(repeat(() => pruneWebhookEvents(database), 60 * minuteMs, onError))
  chores.push(repeat(() => pruneRefusals(database), 60 * minuteMs, onError))
  chores.push(repeat(() => keepTrafficByHour(database), 60 * minuteMs, onError))
  chores.push(repeat(() => forgetOldDecisions(database), 60 * minuteMs, onError))
  chores.push(repeat(() => forgetOldEvents(database), 5 * minuteMs, onError))
  chores.push(repeat(() => keepSums(database), 10 * secondMs, onError))
  if (indexFrom > 0) chores.push(repeat(() => indexLargeSpaces(database, indexFrom), 5 * minuteMs, onError))
  if (embedded) {
    chores.push(repeat(() => analyzeEmbedded(database), 5 * secondMs, onError))
    chores.push(repeat(() => checkpointEmbedded(database), 5 * minuteMs, onError))
    chores.push(repeat(() => vacuumEmbedded(database), 30 * minuteMs, onError))
  }
  return {
    async stop() {
      await Promise.all(chores.map(chore => chore.stop()))
    },
  }
}

/** Adds what was booked to the sums; elsewhere autovacuum takes away what that leaves behind. */
async function keepSums(database: Database<Tables>): Promise<void> {
  const folded = await foldSpending(database)
  if (folded > 0 && database.kind === 'embedded') await vacuumChanges(database)
}
