import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import { AppError, asAppError, type FailureCode } from '../contract/failure.ts'
import type { LedgerEntry, MeteredService } from '../contract/metered-service.ts'
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
  recordEntries(session: Session<Tables>, entries: readonly LedgerEntry[]): Promise<void>
  timeoutMs: number
}

/** Told as it happens: texts whose vectors are stored, and versions that lack one for good in this attempt. */
export interface BatchListener {
  stored(texts: readonly MissingText[]): void
  failed(versionIds: ReadonlySet<string>, error: AppError): void
}

const batchesAtOnce = 2

/** Failures that one text alone can cause: then the documents that merely share its batch are tried without it. */
const textFaults: readonly FailureCode[] = ['call_invalid', 'vector_invalid', 'provider_not_configured']

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
        const parts = splitByVersions(batch)
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
  const context = { tenantId, purpose: 'ingest', shares: sharesOf(attempts, batch) } as const
  // Others share the batch, so one cancelled job does not end it.
  const signal = AbortSignal.timeout(options.timeoutMs)
  const result = await options.service.call({ texts }, context, { signal })
  const vectors = batch.map((text, i) => ({ textHash: text.textHash, vector: vectorAt(result.output, i) }))
  await saveEmbeddings(options.database, { tenantId, spaceId: options.spaceId, vectors }, session =>
    options.recordEntries(session, result.entries),
  )
}

/** Each text is charged to the first version that needs it. */
function sharesOf(attempts: readonly Attempt[], batch: readonly MissingText[]) {
  const tokens = new Map<string, number>()
  for (const { versionIds, tokenCount } of batch) {
    const [first = ''] = versionIds
    tokens.set(first, (tokens.get(first) ?? 0) + tokenCount)
  }
  return attempts.flatMap(({ versionId, documentId, jobId }) => {
    const weight = tokens.get(versionId)
    return weight === undefined ? [] : [{ documentId, jobId, weight }]
  })
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
