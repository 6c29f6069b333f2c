import { AppError } from '../contract/failure.ts'
import { closeChunk, type extendWithText, hasText, openChunk, type Packing } from './draft-chunk.ts'
import { type Cut, findCut } from './find-cut.ts'
import { joinHeadings } from './join-headings.ts'
import { trimStart } from './read-lines.ts'

/**
 * Adds text that does not fit as a whole: fills the open chunk up to the last sentence, word or character that fits, goes
 * on in the next one, and leaves the rest in an open chunk. Below other text in a chunk only whole sentences are added.
 * `extend` says what the text is, a heading or not.
 */
export function splitText(packing: Packing, start: number, end: number, extend: typeof extendWithText): void {
  for (let from = start; ; ) {
    // an indentation can be longer than a chunk
    if (!packing.open) from = trimStart(packing.text, from, end)
    const open = packing.open ?? openChunk(packing, from)
    const reach = packing.measure.fit(open.start, end)
    if (reach >= end) {
      extend(packing, from, end)
      return
    }
    const cut = fittingCut(packing, open.start, from, reach)
    if (cut && (!hasText(open) || cut.kind === 'sentence')) {
      extend(packing, from, cut.end)
      closeChunk(packing)
      from = trimStart(packing.text, cut.end, end)
    } else if (hasText(open)) closeChunk(packing)
    else if (open.end > open.freshStart) joinHeadings(packing)
    else if (open.start < open.freshStart) open.start = open.freshStart
    else throw new AppError('chunking_failed', `nothing of the text at character ${from} of a page fits into a chunk`)
  }
}

/** A cut inside of a pre-tokenizer piece can cost a token more than the whole piece, so the count decides. */
function fittingCut({ text, measure, settings }: Packing, start: number, from: number, reach: number): Cut | null {
  for (let upTo = reach; upTo > from; ) {
    const cut = findCut(text, from, upTo)
    if (!cut) return null
    if (measure.count(start, cut.end) <= settings.maxTokens) return cut
    upTo = cut.end - 1
  }
  return null
}
