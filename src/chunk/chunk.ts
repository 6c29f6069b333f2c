import type { Chunk, ChunkSettings } from '../contract/chunk.ts'
import { AppError } from '../contract/failure.ts'
import type { ParsedPage } from '../contract/page.ts'
import type { TokenCounter } from './count-tokens.ts'
import { type HeadingOutline, noHeadings } from './heading-outline.ts'
import { packPage } from './pack-page.ts'

/**
 * Cuts the markdown pages of one document into chunks. Pure: the same input gives the same chunks.
 *
 * - Headings start chunks; tables and code stay whole where they fit; paragraphs and list items are packed together.
 * - Each chunk is an exact slice of one page and has at most `maxTokens` tokens of cl100k_base, counted on its own text.
 * - Without overlap the chunks cover every character that is not white space once; with it a chunk begins with up to
 *   `overlapTokens` tokens from the end of the one before it in the same section of the page, where there is room.
 * - A document without any text gives no chunks.
 */
export function chunk(pages: readonly ParsedPage[], settings: ChunkSettings, counter: TokenCounter): Chunk[] {
  const chunks: Chunk[] = []
  let outline: HeadingOutline = noHeadings
  for (const page of pages) {
    const packed = packPage(page, outline, settings, counter)
    outline = packed.outline
    for (const { start, end, headingPath, tokenCount } of packed.drafts) {
      if (tokenCount > settings.maxTokens) {
        const place = `characters ${start} to ${end} of page ${page.pageNumber}`
        throw new AppError(
          'chunking_failed',
          `a chunk has ${tokenCount} tokens, the limit is ${settings.maxTokens}: ${place}`,
        )
      }
      const text = page.markdown.slice(start, end)
      chunks.push({ ordinal: chunks.length, pageNumber: page.pageNumber, start, end, headingPath, text, tokenCount })
    }
  }
  return chunks
}
