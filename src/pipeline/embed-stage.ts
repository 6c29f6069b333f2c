import type { Attempt, StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { createTextClaims, type TextClaims } from './claim-texts.ts'
import { type EmbedBatchOptions, embedBatches } from './embed-batches.ts'
import { type MissingText, readAvoidedTokens, readMissingTexts } from './embed-stage.sql.ts'

export interface EmbedStageOptions extends EmbedBatchOptions {
  timeoutMs: number
  maxInFlight: number
}

type Report = Parameters<StageHandler<null, Session<Tables>>['run']>[1]

/**
 * Embeds the texts of many documents together, each text that has no vector in this space once. Every batch is stored, with
 * its cost, as soon as it is there: what fails later does not lose it, and the next attempt asks only for the rest.
 */
export function createEmbedStage(options: EmbedStageOptions): StageHandler<null, Session<Tables>> {
  const claims = createTextClaims()
  return {
    stage: 'embed',
    timeoutMs: options.timeoutMs,
    maxInFlight: options.maxInFlight,
    async run(attempts, report) {
      // A quote is one document's or one ingest's own money: its calls are not shared with others.
      const groups = Map.groupBy(attempts, ({ tenantId, quoteId }) => `${tenantId}/${quoteId}`)
      await Promise.all([...groups.values()].map(group => embedForTenant(options, claims, group, report)))
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

/** Books the tokens of each document that it did not have to pay: texts that had a vector before, or that another one paid. */
async function bookAvoided(
  session: Session<Tables>,
  { service, bookCalls }: EmbedStageOptions,
  attempts: readonly Attempt[],
): Promise<void> {
  const tokens = await readAvoidedTokens(session, attempts)
  const bookings = attempts.flatMap(({ tenantId, documentId, jobId, apiKeyId, tags, quoteId }) => {
    const count = tokens.get(jobId) ?? 0
    const shares = [{ documentId, jobId, apiKeyId, tags, weight: 1 }]
    return count > 0 ? [service.avoided(count, { tenantId, purpose: 'ingest', quoteId, shares })] : []
  })
  await bookCalls(session, bookings)
}

/** Embeds what is missing and nobody else embeds, waits for what others do, and looks again until nothing is missing. */
async function embedForTenant(
  options: EmbedStageOptions,
  claims: TextClaims,
  attempts: readonly Attempt[],
  report: Report,
): Promise<void> {
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
    const settled = await embedClaimed(options, claims, open, { mine, others }, report)
    open = open.filter(attempt => !settled.has(attempt.versionId))
  }
}

/** Embeds claimed texts and reports each document as soon as it lacks nothing; `others` are versions that wait for more. */
async function embedClaimed(
  options: EmbedStageOptions,
  claims: TextClaims,
  attempts: readonly Attempt[],
  { mine, others }: { mine: readonly MissingText[]; others: ReadonlySet<string> },
  report: Report,
): Promise<Set<string>> {
  const byVersion = new Map(attempts.map(a => [a.versionId, a]))
  const lacking = countByVersion(mine)
  const settled = new Set<string>()
  const settle = (versionId: string, outcome: Parameters<Report>[1]) => {
    const attempt = byVersion.get(versionId)
    if (attempt && !settled.has(versionId)) report(attempt, outcome)
    settled.add(versionId)
  }
  try {
    await embedBatches(options, attempts, mine, {
      stored(batch) {
        claims.release(batch.map(text => keyOf(attempts, text)))
        for (const [versionId, count] of countByVersion(batch)) {
          lacking.set(versionId, (lacking.get(versionId) ?? 0) - count)
          if (lacking.get(versionId) === 0 && !others.has(versionId)) settle(versionId, { kind: 'done', result: null })
        }
      },
      failed(versionIds, error) {
        for (const versionId of versionIds) settle(versionId, { kind: 'failed', error })
      },
    })
  } finally {
    claims.release(mine.map(text => keyOf(attempts, text)))
  }
  return settled
}

function countByVersion(texts: readonly MissingText[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { versionIds } of texts) for (const id of versionIds) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

function keyOf(attempts: readonly Attempt[], { spaceId, textHash }: MissingText): string {
  return `${attempts[0]?.tenantId}/${spaceId}/${textHash.toString('hex')}`
}
