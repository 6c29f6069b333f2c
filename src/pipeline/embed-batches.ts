import { CallDeferred } from '../contract/deferral.ts'
import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import { AppError, asAppError, type FailureCode } from '../contract/failure.ts'
import type { Booking, MeteredService } from '../contract/metered-service.ts'
import type { Attempt } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { type MissingText, readTexts, saveEmbeddings } from './embed-stage.sql.ts'
import { planBatches } from './plan-batches.ts'

export interface EmbedBatchOptions {
  database: Database<Tables>
  service: MeteredService<EmbedInput, EmbedOutput>
  /** The space that the service's vectors are in. */
  spaceId: string
  bookCalls(session: Session<Tables>, bookings: readonly Booking[]): Promise<void>
  timeoutMs: number
}

/** Told as it happens: texts whose vectors are stored, and versions that lack one for good in this attempt. */
export interface BatchListener {
  stored(texts: readonly MissingText[]): void
  failed(versionIds: ReadonlySet<string>, error: AppError): void
}

const batchesAtOnce = 2

/** Failures that one document alone can cause: then those that merely share its batch are tried without it. */
const textFaults: readonly FailureCode[] = [
  'call_invalid',
  'vector_invalid',
  'provider_not_configured',
  'call_deferred',
  'budget_exhausted',
]

/** Embeds and stores texts of one tenant in as few batches as the provider's limits allow, two at a time. */
export async function embedBatches(
  options: EmbedBatchOptions,
  attempts: readonly Attempt[],
  texts: readonly MissingText[],
  listener: BatchListener,
): Promise<void> {
  const queue = planBatches(texts)
  const worker = async () => {
    for (let batch = queue.shift(); batch; batch = queue.shift()) {
      try {
        await embedBatch(options, attempts, batch)
        listener.stored(batch)
      } catch (error) {
        const failure = asAppError(error)
        const parts = neverFits(failure) ? halves(batch) : splitByVersions(batch)
        if (parts.length > 1 && textFaults.includes(failure.code)) queue.push(...parts)
        else listener.failed(new Set(batch.flatMap(text => text.versionIds)), failure)
      }
    }
  }
  await Promise.all(Array.from({ length: batchesAtOnce }, worker))
}

async function embedBatch(
  options: EmbedBatchOptions,
  attempts: readonly Attempt[],
  batch: readonly MissingText[],
): Promise<void> {
  const foreign = batch.find(text => text.spaceId !== options.spaceId)
  if (foreign) {
    const spaces = `needs vectors of space ${foreign.spaceId}, but ${options.spaceId} is configured`
    throw new AppError('provider_not_configured', `Version ${foreign.versionIds[0]} ${spaces}.`)
  }
  const tenantId = attempts[0]?.tenantId ?? ''
  const texts = await readTexts(options.database, tenantId, batch)
  const items = batch.map(text => `embed/${options.spaceId}/${text.textHash.toString('hex')}`)
  const quoteId = attempts[0]?.quoteId ?? null
  const context = { tenantId, purpose: 'ingest', quoteId, items, shares: sharesOf(attempts, batch) } as const
  // Others share the batch, so one cancelled job does not end it.
  const signal = AbortSignal.timeout(options.timeoutMs)
  const result = await options.service.call({ texts }, context, { signal })
  const vectors = batch.map((text, i) => ({ textHash: text.textHash, vector: vectorAt(result.output, i) }))
  await saveEmbeddings(options.database, { tenantId, spaceId: options.spaceId, vectors }, session =>
    options.bookCalls(session, [result.booking]),
  )
}

/** Each text is charged to the first version that needs it. */
function sharesOf(attempts: readonly Attempt[], batch: readonly MissingText[]) {
  const tokens = new Map<string, number>()
  for (const { versionIds, tokenCount } of batch) {
    const [first = ''] = versionIds
    tokens.set(first, (tokens.get(first) ?? 0) + tokenCount)
  }
  return attempts.flatMap(({ versionId, documentId, jobId, apiKeyId, tags }) => {
    const weight = tokens.get(versionId)
    return weight === undefined ? [] : [{ documentId, jobId, apiKeyId, tags, weight }]
  })
}

/** More than a budget allows in any of its windows: in parts it can go on, as far as there is money. */
function neverFits(failure: AppError): boolean {
  return failure instanceof CallDeferred && failure.deferral.budget?.neverFits === true
}

function halves(batch: readonly MissingText[]): MissingText[][] {
  const middle = Math.ceil(batch.length / 2)
  return batch.length > 1 ? [batch.slice(0, middle), batch.slice(middle)] : [[...batch]]
}

function splitByVersions(batch: readonly MissingText[]): MissingText[][] {
  return [...Map.groupBy(batch, text => text.versionIds.join()).values()]
}

function vectorAt({ vectors }: EmbedOutput, index: number): Float32Array {
  const vector = vectors[index]
  if (!vector) {
    const gave = `The embedding service gave ${vectors.length} vectors, none for text ${index}.`
    throw new AppError('vector_invalid', gave)
  }
  return vector
}
