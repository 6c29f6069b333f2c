import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { Booking, MeteredService } from '../contract/metered-service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { type DueCheck, noteCheck, sampleTexts, takeDueChecks } from './drift.sql.ts'

export interface DriftOptions {
  database: Database<Tables>
  serviceOf(
    reader: Pick<Session<Tables>, 'kysely'>,
    tenantId: string,
    spaceId: string,
  ): Promise<MeteredService<EmbedInput, EmbedOutput> | null>
  bookCalls(session: Session<Tables>, bookings: readonly Booking[]): Promise<void>
  /** The model gives other vectors than it gave. */
  alert(session: Session<Tables>, check: DueCheck, leastCosine: number, texts: number): Promise<void>
  onError(error: unknown): void
}

/** Vectors of the same text nearer than this are the same: OpenAI's differ a little from call to call. */
export const sameFrom = 0.999
const textsPerCheck = 3
const timeoutMs = 60_000

/**
 * Embeds a few texts of each searched space again, when it is time, and compares: a model that was changed behind its name makes new vectors
 * that do not fit the old ones. The tokens are booked like any others; a check that does not work out is made the next time.
 */
export async function checkDrift(options: DriftOptions, everyMs: number): Promise<void> {
  for (const due of await takeDueChecks(options.database, everyMs)) {
    try {
      await checkSpace(options, due)
    } catch (error) {
      options.onError(error)
    }
  }
}

async function checkSpace(options: DriftOptions, due: DueCheck): Promise<void> {
  const { database, serviceOf, bookCalls } = options
  const service = await serviceOf(database, due.tenantId, due.spaceId)
  const stored = service ? await sampleTexts(database, due, textsPerCheck, new Date().toISOString()) : []
  if (!service || stored.length === 0) return
  const shares = [{ documentId: null, jobId: null, apiKeyId: null, tags: [], weight: 1 }]
  const context = { tenantId: due.tenantId, purpose: 'drift', quoteId: null, items: [], shares } as const
  const texts = stored.map(({ text, tokenCount }) => ({ text, tokenCount }))
  const { output, booking } = await service.call({ texts }, context, { signal: AbortSignal.timeout(timeoutMs) })
  const leastCosine = Math.min(
    ...stored.map(({ vector }, i) => cosine(vector, output.vectors[i] ?? new Float32Array(0))),
  )
  await database.transaction(async session => {
    await bookCalls(session, [booking])
    await noteCheck(session, due, { texts: stored.length, leastCosine })
    if (!(leastCosine >= sameFrom)) await options.alert(session, due, leastCosine, stored.length)
  })
}

/** Of vectors of the same size; 0 for others. */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0
  let [dot, ofA, ofB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i]]
    dot += x * y
    ofA += x * x
    ofB += y * y
  }
  return dot / Math.sqrt(ofA * ofB || 1)
}
