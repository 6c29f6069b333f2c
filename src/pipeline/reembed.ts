import { CallDeferred } from '../contract/deferral.ts'
import { type AppError, asAppError } from '../contract/failure.ts'
import { type EmbedBatchOptions, embedBatch } from './embed-batch.ts'
import { maxTexts, maxTokens } from './fill-batch.ts'
import * as reembedSql from './reembed.sql.ts'
import { shareRequests } from './share-requests.ts'
import type { TextOrder } from './text-order.ts'

export interface ReembedOptions extends EmbedBatchOptions {
  onError(error: unknown): void
}

const leaseMs = 60_000
const prolongEveryMs = 20_000
/** While documents come in, one batch goes out in this time. */
const yieldMs = 10_000
const maxFailures = 20
const maxPauseMs = 5 * 60_000

/**
 * Works on one re-embedding, if there is one to work on: batch by batch, after all documents that come in, until every text of the
 * tenant's live documents has a vector in the new space; then search is switched over. What it is stopped at goes on elsewhere.
 */
export async function reembedNext(options: ReembedOptions, stop: AbortSignal): Promise<void> {
  const task = await reembedSql.takeReembedding(options.database, leaseMs)
  if (!task) return
  const prolonging = setInterval(() => {
    reembedSql.prolongLease(options.database, task, leaseMs).catch(options.onError)
  }, prolongEveryMs)
  try {
    await work(options, task, stop)
  } catch (error) {
    await setBack(options, task, asAppError(error))
  } finally {
    clearInterval(prolonging)
  }
}

async function work(options: ReembedOptions, task: reembedSql.Reembedding, stop: AbortSignal): Promise<void> {
  const { database } = options
  while (await reembedSql.prolongLease(database, task, leaseMs)) {
    if (stop.aborted) return await reembedSql.parkReembedding(database, task, { ...task, inMs: 0, waitsFor: null })
    const texts = firstBatch(await reembedSql.readLackingTexts(database, task, maxTexts))
    if (texts.length > 0) await embedTexts(options, task, texts)
    else if (task.atDocumentId === null && (await database.transaction(s => reembedSql.switchSpace(s, task)))) return
    task.atDocumentId = texts.at(-1)?.documentId ?? null
    task.failures = 0
    await reembedSql.noteProgress(database, task, { embedded: texts.length, atDocumentId: task.atDocumentId })
    if (texts.length > 0 && (await reembedSql.isEmbedding(database))) {
      const waitsFor = 'documents that come in go first'
      return await reembedSql.parkReembedding(database, task, { failures: 0, inMs: yieldMs, waitsFor })
    }
  }
}

function firstBatch(texts: readonly reembedSql.LackingText[]): reembedSql.LackingText[] {
  let tokens = 0
  const seen = new Set<string>()
  const batch: reembedSql.LackingText[] = []
  for (const text of texts) {
    const name = text.textHash.toString('hex')
    if (seen.has(name)) continue
    tokens += text.tokenCount
    if (batch.length > 0 && tokens > maxTokens) break
    seen.add(name)
    batch.push(text)
  }
  return batch
}

/** Throws the first failure; what did not fail is stored all the same. */
async function embedTexts(
  options: ReembedOptions,
  { tenantId, spaceId, apiKeyId }: reembedSql.Reembedding,
  texts: readonly reembedSql.LackingText[],
): Promise<void> {
  const embed = shareRequests<reembedSql.LackingText>({
    send: (lane, parts) => embedBatch(options, lane, parts),
    lingerMs: 0,
    inFlight: 1,
  })
  const failures: AppError[] = []
  const lane = { tenantId, spaceId, purpose: 'reembed', quoteId: null } as const
  const orders = [...Map.groupBy(texts, text => text.documentId)].map(([documentId, own]) => {
    const order: TextOrder<reembedSql.LackingText> = {
      lane,
      share: { documentId, jobId: null, apiKeyId, tags: own[0]?.tags ?? [] },
      texts: own,
      signal: new AbortController().signal,
      stored() {},
      failed(_texts, error) {
        failures.push(error)
      },
    }
    return embed(order)
  })
  await Promise.all(orders)
  const [first] = failures
  if (first) throw first
}

/** A call that must wait is waited for; a provider's fault is tried again, later and later; what cannot get better ends it. */
async function setBack({ database }: ReembedOptions, task: reembedSql.Reembedding, error: AppError): Promise<void> {
  if (error instanceof CallDeferred) {
    const untilMs = error.deferral.resumesAt ? error.deferral.resumesAt.getTime() - Date.now() : maxPauseMs
    // Looks again now and then: a cap may be raised, and others may have embedded the rest.
    const inMs = Math.min(Math.max(untilMs, 1_000), 15_000)
    return await reembedSql.parkReembedding(database, task, { ...task, inMs, waitsFor: error.message })
  }
  const failures = task.failures + 1
  if ((error.retryable && failures < maxFailures) || error.code === 'provider_rate_limited') {
    const inMs = (error.retryAfterMs ?? 0) + Math.min(maxPauseMs, 1_000 * 2 ** Math.min(failures, 10)) * Math.random()
    return await reembedSql.parkReembedding(database, task, {
      failures,
      inMs,
      waitsFor: `${error.code}: ${error.message}`,
    })
  }
  await reembedSql.failReembedding(database, task, error.code, error.message)
}
