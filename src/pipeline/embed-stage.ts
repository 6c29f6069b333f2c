import { type AppError, asAppError } from '../contract/failure.ts'
import type { Attempt, StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { adoptLiveSpaces } from './adopt-space.sql.ts'
import { createTextClaims, type TextClaims } from './claim-texts.ts'
import { type EmbedBatchOptions, embedBatch } from './embed-batch.ts'
import { type BatchLaneOptions, createBatchLane, mayWaitForBatch } from './embed-by-batch.ts'
import { type MissingText, readAvoidedTokens, readMissingTexts } from './embed-stage.sql.ts'
import { shareRequests } from './share-requests.ts'
import type { TextOrder } from './text-order.ts'

export interface EmbedStageOptions extends EmbedBatchOptions, BatchLaneOptions {
  timeoutMs: number
  maxInFlight: number
}

type Report = Parameters<StageHandler<null, Session<Tables>>['run']>[1]
type Embed = (order: TextOrder<MissingText>) => Promise<void>

/** How long a request that is not full waits for texts of other documents, in milliseconds. */
const lingerMs = 20
const requestsAtOnce = 4

/**
 * Embeds the texts of many documents together, each text that has no vector in its version's space once. Every batch is stored, with
 * its cost, as soon as it is there: what fails later does not lose it, and the next attempt asks only for the rest.
 */
export function createEmbedStage(options: EmbedStageOptions): StageHandler<null, Session<Tables>> {
  const claims = createTextClaims()
  const send = (...batch: DropFirst<Parameters<typeof embedBatch>>) => embedBatch(options, ...batch)
  const embed = shareRequests<MissingText>({ send, lingerMs, inFlight: requestsAtOnce })
  const embedByBatch = createBatchLane(options)
  const atOnce = async (attempts: readonly Attempt[], report: Report) => {
    // A quote is one document's or one ingest's own money: its calls are not shared with others.
    const groups = Map.groupBy(attempts, ({ tenantId, quoteId }) => `${tenantId}/${quoteId}`)
    await Promise.all([...groups.values()].map(group => embedForTenant({ options, claims, embed, report }, group)))
  }
  return {
    stage: 'embed',
    timeoutMs: options.timeoutMs,
    maxInFlight: options.maxInFlight,
    async run(attempts, report) {
      await adoptLiveSpaces(options.database, attempts)
      const [canWait, cannot] = partition(attempts, one => mayWaitForBatch(one, options.batchPolicy, Date.now()))
      await Promise.all([
        atOnce(cannot, report),
        canWait.length > 0 && embedByBatch(canWait, report).then(rest => atOnce(rest, report)),
      ])
    },
    async save(session, done) {
      await bookAvoided(
        session,
        options,
        done.map(d => d.attempt),
      )
    },
  }
}
function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter(item => !belongs(item))]
}
type DropFirst<T> = T extends readonly [unknown, ...infer Rest] ? Rest : never

/** Books the tokens of each document that it did not have to pay: texts that had a vector before, or that another one paid. */
async function bookAvoided(
  session: Session<Tables>,
  { serviceOf, bookCalls }: EmbedStageOptions,
  attempts: readonly Attempt[],
): Promise<void> {
  const avoided = await readAvoidedTokens(session, attempts)
  const bookings = await Promise.all(
    attempts.map(async ({ tenantId, documentId, jobId, apiKeyId, tags, quoteId }) => {
      const found = avoided.get(jobId)
      const service = found && (await serviceOf(session, tenantId, found.spaceId))
      const shares = [{ documentId, jobId, apiKeyId, tags, weight: 1 }]
      return service ? [service.avoided(found.tokens, { tenantId, purpose: 'ingest', quoteId, shares })] : []
    }),
  )
  await bookCalls(session, bookings.flat())
}

interface Work {
  options: EmbedStageOptions
  claims: TextClaims
  embed: Embed
  report: Report
}

/** Embeds what is missing and nobody else embeds, waits for what others do, and looks again until nothing is missing. */
async function embedForTenant(work: Work, attempts: readonly Attempt[]): Promise<void> {
  const { options, claims, report } = work
  let open = attempts
  while (open.length > 0) {
    const before = claims.releases()
    const missing = await readMissingTexts(options.database, open)
    const needed = new Set(missing.flatMap(text => text.versionIds))
    for (const attempt of open) if (!needed.has(attempt.versionId)) report(attempt, { kind: 'done', result: null })
    open = open.filter(attempt => needed.has(attempt.versionId))
    if (open.length === 0) return
    // Somebody has stored texts while they were looked up: what was read is out of date.
    if (claims.releases() !== before) continue

    const claimed = claims.claim(missing.map(text => keyOf(open, text)))
    const mine = missing.filter(text => claimed.has(keyOf(open, text)))
    if (mine.length === 0) {
      await claims.nextRelease()
      continue
    }
    const others = new Set(missing.filter(text => !claimed.has(keyOf(open, text))).flatMap(text => text.versionIds))
    const settled = await embedClaimed(work, open, { mine, others })
    open = open.filter(attempt => !settled.has(attempt.versionId))
  }
}

/** Embeds claimed texts and reports each document as soon as it lacks nothing; `others` are versions that wait for more. */
async function embedClaimed(
  { claims, embed, report }: Work,
  attempts: readonly Attempt[],
  { mine, others }: { mine: readonly MissingText[]; others: ReadonlySet<string> },
): Promise<Set<string>> {
  const byVersion = new Map(attempts.map(a => [a.versionId, a]))
  const lacking = countByVersion(mine)
  const settled = new Set<string>()
  const settle = (versionId: string, outcome: Parameters<Report>[1]) => {
    const attempt = byVersion.get(versionId)
    if (attempt && !settled.has(versionId)) report(attempt, outcome)
    settled.add(versionId)
  }
  const stored = (texts: readonly MissingText[]) => {
    claims.release(texts.map(text => keyOf(attempts, text)))
    for (const [versionId, count] of countByVersion(texts)) {
      lacking.set(versionId, (lacking.get(versionId) ?? 0) - count)
      if (lacking.get(versionId) === 0 && !others.has(versionId)) settle(versionId, { kind: 'done', result: null })
    }
  }
  const failed = (texts: readonly MissingText[], error: AppError) => {
    for (const versionId of new Set(texts.flatMap(text => text.versionIds)))
      settle(versionId, { kind: 'failed', error })
  }
  try {
    await Promise.all(ordersOf(byVersion, mine, { stored, failed }).map(embed))
  } catch (error) {
    failed(mine, asAppError(error))
  } finally {
    claims.release(mine.map(text => keyOf(attempts, text)))
  }
  return settled
}

/** One order for each document and space; a text that several need is the first one's, who pays for it. */
function ordersOf(
  byVersion: ReadonlyMap<string, Attempt>,
  texts: readonly MissingText[],
  listener: Pick<TextOrder<MissingText>, 'stored' | 'failed'>,
): TextOrder<MissingText>[] {
  const byOwner = Map.groupBy(texts, text => `${text.versionIds[0]}/${text.spaceId}`)
  return [...byOwner.values()].flatMap(own => {
    const [first] = own
    const attempt = byVersion.get(first?.versionIds[0] ?? '')
    if (!first || !attempt) return []
    const { tenantId, quoteId, documentId, jobId, apiKeyId, tags, signal } = attempt
    const lane = { tenantId, quoteId, purpose: 'ingest', spaceId: first.spaceId } as const
    const isShared = own.some(text => text.versionIds.length > 1)
    const wanted = isShared ? new AbortController().signal : signal
    const share = { documentId, jobId, apiKeyId, tags }
    return [{ lane, share, texts: own, isRetry: attempt.failures > 0, signal: wanted, ...listener }]
  })
}

function countByVersion(texts: readonly MissingText[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { versionIds } of texts) for (const id of versionIds) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

function keyOf(attempts: readonly Attempt[], { spaceId, textHash }: MissingText): string {
  return `${attempts[0]?.tenantId}/${spaceId}/${textHash.toString('hex')}`
}
