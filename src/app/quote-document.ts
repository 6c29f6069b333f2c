import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Chunk, ChunkSettings } from '../contract/chunk.ts'
import { AppError } from '../contract/failure.ts'
import type { MeteredService } from '../contract/metered-service.ts'
import type { ParsedPage } from '../contract/page.ts'
import type { ParseOptions } from '../contract/parse-options.ts'
import type { FileQuote, PriceRange } from '../contract/quote.ts'
import type { Quote } from '../contract/service.ts'
import type { Tables } from '../contract/tables.ts'
import { detectStoredFileType } from '../intake/detect-stored-file-type.fs.ts'
import { findKnownDocument, findKnownTexts } from '../pipeline/known-work.sql.ts'
import { storable } from '../pipeline/parse-stage.ts'
import type { BlobStore } from '../platform/blob-folder.fs.ts'
import type { Database } from '../platform/database.ts'
import type { Providers } from './create-providers.ts'
import type { Services } from './create-services.ts'

export interface QuoteOptions {
  database: Database<Tables>
  blobs: BlobStore
  services: Services
  providers: Providers
  maxFileBytes: number
  chunk(pages: readonly ParsedPage[], settings: ChunkSettings, signal: AbortSignal): Promise<Chunk[]>
}

export interface QuoteWish {
  tenantId: string
  fileName: string
  bytes: Readable
  /** Read after the bytes. */
  settings(): Promise<{ chunking: ChunkSettings; parsing: ParseOptions }>
  signal: AbortSignal
}

/** How much the text of another parser may differ in length from the local one's (an estimate, not a promise). */
const otherParser = { best: 0.7, worst: 1.5 }

/**
 * Says what bringing a file in would cost: reads and chunks it on this machine, for nothing, and looks which of it is there
 * already. Nothing is stored. Throws what reading a bad file throws.
 */
export async function quoteDocument(options: QuoteOptions, wish: QuoteWish): Promise<FileQuote> {
  const { database, services } = options
  const blob = await options.blobs.receive(wish.tenantId, wish.bytes, options.maxFileBytes)
  try {
    if (blob.byteCount === 0) throw new AppError('file_empty', `The file ${wish.fileName} has no bytes.`)
    const settings = await wish.settings()
    const fileType = await detectStoredFileType(blob.path, wish.fileName)
    const input = {
      documentId: wish.fileName,
      path: blob.path,
      fileType,
      byteCount: blob.byteCount,
      options: settings.parsing,
    }
    const known = await findKnownDocument(database, wish.tenantId, blob.sha256, services.parse.variant(input, wish))
    const quoted = known?.parsed ? null : await services.parse.quote(input, wish, { signal: wish.signal })
    const { output } = await options.providers.localParser.call(input, { signal: wish.signal })
    const { pages } = storable(output)
    const chunks = await options.chunk(pages, settings.chunking, wish.signal)
    const exact = services.provenanceOf('parse', wish.tenantId).provider === 'local'
    const space = await services.spaces.ofTenant(wish.tenantId)
    const texts = await countTokens(options, wish.tenantId, space.spaceId, chunks)
    const isThere = known !== null
    return {
      fileName: wish.fileName,
      fileType,
      byteCount: blob.byteCount,
      documentId: known?.documentId ?? null,
      pages: pages.length,
      chunks: chunks.length,
      parse: atMost(
        rangeOf(services.parse, wish, isThere ? 0 : pages.length, isThere ? pages.length : 0, true),
        isThere ? null : quoted,
      ),
      embed: rangeOf(
        services.spaces.serviceOf(space, wish.tenantId) ?? services.embed,
        wish,
        isThere ? 0 : texts.missing,
        isThere ? texts.missing + texts.known : texts.known,
        exact,
        tokens => options.providers.mostEmbedTokens(tokens, chunks.length),
      ),
      exact,
    }
  } finally {
    await blob.discard()
  }
}

/** Tokens of the different texts: those that have a vector, and those that need one. */
async function countTokens(
  { database }: QuoteOptions,
  tenantId: string,
  spaceId: string,
  chunks: readonly Chunk[],
): Promise<{ missing: number; known: number }> {
  const tokens = new Map(chunks.map(chunk => [hash('sha256', chunk.text), chunk.tokenCount]))
  const hashes = [...tokens.keys()].map(hex => Buffer.from(hex, 'hex'))
  const there = await findKnownTexts(database, tenantId, spaceId, hashes)
  const sum = { missing: 0, known: 0 }
  for (const [hex, count] of tokens) sum[there.has(hex) ? 'known' : 'missing'] += count
  return sum
}

/** With what the provider itself says that a call can cost, where it does. */
function atMost(range: PriceRange, quoted: Quote | null): PriceRange {
  if (quoted === null) return range
  const { units, real, shadow } = range
  return {
    ...range,
    units: { ...units, worst: Math.max(units.worst, quoted.units) },
    real: { ...real, worst: greatest(real.worst, quoted.costNanoUsd) },
    shadow: { ...shadow, worst: greatest(shadow.worst, quoted.shadowNanoUsd) },
  }
}

function greatest(a: string, b: bigint): string {
  return BigInt(a) > b ? a : String(b)
}

function rangeOf<Input, Output>(
  service: MeteredService<Input, Output>,
  who: { tenantId: string },
  missing: number,
  there: number,
  exact: boolean,
  most: (units: number) => number = units => units,
): PriceRange {
  const units = {
    best: exact ? missing : Math.floor(missing * otherParser.best),
    worst: most(exact ? missing : Math.ceil(missing * otherParser.worst)),
  }
  const [best, worst, known] = [
    service.price(units.best, who),
    service.price(units.worst, who),
    service.price(there, who),
  ]
  return {
    units,
    real: { best: String(best.costNanoUsd), worst: String(worst.costNanoUsd) },
    shadow: { best: String(best.shadowNanoUsd), worst: String(worst.shadowNanoUsd) },
    known: { units: there, realNanoUsd: String(known.costNanoUsd), shadowNanoUsd: String(known.shadowNanoUsd) },
  }
}
