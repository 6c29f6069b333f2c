import { setTimeout as sleep } from 'node:timers/promises'
import type { EmbedBatchInput, EmbedBatchOutput } from '../contract/embed-batch-service.ts'
import { asAppError } from '../contract/failure.ts'
import type { Booking, MeteredService } from '../contract/metered-service.ts'
import type { Attempt, StageOutcome } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { type MissingText, readMissingTexts, readTexts, saveEmbeddings } from './embed-stage.sql.ts'

/** Which documents may wait for a batch: those with a deadline far enough away, all, or none. */
export type BatchPolicy = 'deadline' | 'always' | 'never'

export interface BatchLaneOptions {
  database: Database<Tables>
  batchesOf(
    reader: Pick<Session<Tables>, 'kysely'>,
    tenantId: string,
    spaceId: string,
  ): Promise<MeteredService<EmbedBatchInput, EmbedBatchOutput> | null>
  bookCalls(session: Session<Tables>, bookings: readonly Booking[]): Promise<void>
  batchPolicy: BatchPolicy
  timeoutMs: number
}

type Report = (attempt: Attempt, outcome: StageOutcome<null>) => void

/** A batch may take a day; what it does not finish is then embedded at once. */
const needsMs = 26 * 3_600_000
/** Documents that come within this time share a batch. */
const gatherMs = 2_000
/** Of one batch; OpenAI takes 50,000 inputs, but its results have to be read again, too. */
const maxTexts = 10_000

export function mayWaitForBatch({ dueAt }: Attempt, policy: BatchPolicy, now: number): boolean {
  if (policy !== 'deadline') return policy === 'always'
  return dueAt !== null && dueAt.getTime() - now >= needsMs
}

interface Waiting {
  attempt: Attempt
  report: Report
  /** Whether it has to be embedded at once after all. */
  end(atOnce: boolean): void
}

/**
 * Embeds documents that can wait by batches, one after the other for each tenant and quote: a batch is handed over, or the one that has a
 * text is fetched, stored and booked. Gives those of the attempts that have to be embedded at once after all: there are no batches in their
 * space, or the batch did not bring all of their texts.
 */
export function createBatchLane(
  options: BatchLaneOptions,
): (attempts: readonly Attempt[], report: Report) => Promise<Attempt[]> {
  const lanes = new Map<string, Waiting[]>()
  const work = async (key: string, waiting: Waiting[]) => {
    await sleep(gatherMs)
    while (waiting.length > 0) await embedSome(options, waiting.splice(0))
    lanes.delete(key)
  }
  return async (attempts, report) => {
    const atOnce: Attempt[] = []
    const ends = attempts.map(attempt => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const end = (now: boolean) => {
        if (now) atOnce.push(attempt)
        resolve()
      }
      const key = `${attempt.tenantId}/${attempt.quoteId}`
      const lane = lanes.get(key)
      const waiting = lane ?? []
      waiting.push({ attempt, report, end })
      if (!lane) {
        lanes.set(key, waiting)
        void work(key, waiting)
      }
      return promise
    })
    await Promise.all(ends)
    return atOnce
  }
}

/** Attempts of one tenant. */
async function embedSome(options: BatchLaneOptions, waiting: readonly Waiting[]): Promise<void> {
  const wanted = waiting.filter(({ attempt }) => !attempt.signal.aborted)
  for (const one of waiting) if (one.attempt.signal.aborted) one.end(false)
  try {
    const bySpace = Map.groupBy(await missingOf(options, wanted), text => text.spaceId)
    for (const [spaceId, texts] of bySpace) await embedInSpace(options, wanted, spaceId, texts)
    const lacking = new Set((await missingOf(options, wanted)).flatMap(text => text.versionIds))
    for (const one of wanted) {
      if (!lacking.has(one.attempt.versionId)) one.report(one.attempt, { kind: 'done', result: null })
      one.end(lacking.has(one.attempt.versionId))
    }
  } catch (error) {
    const failure = asAppError(error)
    // One text that OpenAI refuses fails a whole batch: embedded at once, it fails its own document alone.
    const atOnce = failure.code === 'call_invalid'
    for (const one of wanted) {
      if (!atOnce) one.report(one.attempt, { kind: 'failed', error: failure })
      one.end(atOnce)
    }
  }
}

async function missingOf({ database }: BatchLaneOptions, waiting: readonly Waiting[]): Promise<MissingText[]> {
  return waiting.length === 0
    ? []
    : await readMissingTexts(
        database,
        waiting.map(one => one.attempt),
      )
}

/** Throws `CallAwaited` while a batch is at work on some of the texts. */
async function embedInSpace(
  options: BatchLaneOptions,
  waiting: readonly Waiting[],
  spaceId: string,
  missing: readonly MissingText[],
): Promise<void> {
  const { database, batchesOf, bookCalls, timeoutMs } = options
  const attempts = waiting.map(one => one.attempt)
  const tenantId = attempts[0]?.tenantId ?? ''
  const service = await batchesOf(database, tenantId, spaceId)
  const wanted = missing.slice(0, maxTexts)
  if (!service || wanted.length === 0) return
  const texts = await readTexts(database, tenantId, wanted)
  const input = {
    texts: texts.map((text, i) => ({ ...text, key: wanted[i]?.textHash.toString('hex') ?? '' })),
  }
  // Named apart from what is embedded at once: nobody else waits a day for a text.
  const items = input.texts.map(({ key }) => `embed-batch/${spaceId}/${key}`)
  const context = {
    tenantId,
    purpose: 'ingest',
    quoteId: attempts[0]?.quoteId ?? null,
    items,
    shares: sharesOf(attempts, wanted),
  } as const
  const result = await service.call(input, context, { signal: AbortSignal.timeout(timeoutMs) })
  const vectors = [...result.output.vectors].map(([key, vector]) => ({ textHash: Buffer.from(key, 'hex'), vector }))
  await saveEmbeddings(database, { tenantId, spaceId, vectors }, session => bookCalls(session, [result.booking]))
}

/** Each text is charged to the first document that needs it. */
function sharesOf(attempts: readonly Attempt[], missing: readonly MissingText[]) {
  const tokens = new Map<string, number>()
  for (const { versionIds, tokenCount } of missing) {
    const [first = ''] = versionIds
    tokens.set(first, (tokens.get(first) ?? 0) + tokenCount)
  }
  return attempts.flatMap(({ versionId, documentId, jobId, apiKeyId, tags }) => {
    const weight = tokens.get(versionId)
    return weight === undefined ? [] : [{ documentId, jobId, apiKeyId, tags, weight }]
  })
}
