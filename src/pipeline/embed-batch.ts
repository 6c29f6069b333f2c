import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import { AppError } from '../contract/failure.ts'
import type { Booking, MeteredService } from '../contract/metered-service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { readTexts, saveEmbeddings } from './embed-stage.sql.ts'
import type { BatchPart } from './fill-batch.ts'
import { findKnownTexts } from './known-work.sql.ts'
import type { Lane } from './text-order.ts'

export interface EmbedBatchOptions {
  database: Database<Tables>
  /** Who embeds in a space of a tenant; null when nobody can. */
  serviceOf(
    reader: Pick<Session<Tables>, 'kysely'>,
    tenantId: string,
    spaceId: string,
  ): Promise<MeteredService<EmbedInput, EmbedOutput> | null>
  bookCalls(session: Session<Tables>, bookings: readonly Booking[]): Promise<void>
  timeoutMs: number
}

/** Embeds the texts of one batch and stores the vectors with what they cost, each document charged for its own. */
export async function embedBatch(options: EmbedBatchOptions, lane: Lane, parts: readonly BatchPart[]): Promise<void> {
  const { tenantId, spaceId, purpose, quoteId } = lane
  const service = await serviceFor(options, lane)
  const wanted = parts.flatMap(part => part.texts)
  const texts = await readTexts(options.database, tenantId, wanted)
  const items = wanted.map(text => itemOf(spaceId, text.textHash))
  const shares = parts.map(({ order, texts: own }) => ({ ...order.share, weight: tokensOf(own) }))
  const hashes = wanted.map(text => text.textHash)
  const bought = async () => (await findKnownTexts(options.database, tenantId, spaceId, hashes)).size > 0
  const isRetry = parts.every(({ order }) => order.isRetry)
  const context = { tenantId, purpose, quoteId, items, shares, bought, isRetry }
  // Others share the batch, so one cancelled job does not end it.
  const signal = AbortSignal.timeout(options.timeoutMs)
  const result = await service.call({ texts }, context, { signal })
  const vectors = wanted.map((text, i) => ({ textHash: text.textHash, vector: vectorAt(result.output, i) }))
  await saveEmbeddings(options.database, { tenantId, spaceId, vectors }, session =>
    options.bookCalls(session, [result.booking]),
  )
}

/** Names what a call for a text buys. */
export function itemOf(spaceId: string, textHash: Buffer): string {
  return `embed/${spaceId}/${textHash.toString('hex')}`
}

async function serviceFor(
  options: EmbedBatchOptions,
  { tenantId, spaceId }: Lane,
): Promise<MeteredService<EmbedInput, EmbedOutput>> {
  const service = await options.serviceOf(options.database, tenantId, spaceId)
  if (service) return service
  const which = `Vectors of space ${spaceId} are needed, and nobody here makes them`
  throw new AppError(
    'provider_not_configured',
    `${which}: it is another provider's, or a real one while the mode is mock.`,
  )
}

function tokensOf(texts: readonly { tokenCount: number }[]): number {
  return texts.reduce((sum, text) => sum + text.tokenCount, 0)
}

function vectorAt({ vectors }: EmbedOutput, index: number): Float32Array {
  const vector = vectors[index]
  if (!vector) {
    const gave = `The embedding service gave ${vectors.length} vectors, none for text ${index}.`
    throw new AppError('vector_invalid', gave)
  }
  return vector
}
