import { closeChunk, type DraftChunk, type Packing } from './draft-chunk.ts'
import { findCut } from './find-cut.ts'
import { type Line, trimEnd, trimStart } from './read-lines.ts'

/**
 * Headings of the open chunk that have no text under them, or no room for any, go to the end of the chunk before them on
 * the page. Where they do not fit there, they take the last text of that chunk with them. Only where there is no such
 * text they are a chunk of their own, since losing them would be worse.
 */
export function joinHeadings(packing: Packing): void {
  const { open, measure, settings, drafts } = packing
  const previous = drafts.at(-1)
  if (!open || !previous || previous.textStart === null) {
    closeChunk(packing)
    return
  }
  if (measure.count(previous.start, open.end) <= settings.maxTokens) {
    previous.end = open.end
    packing.open = null
    return
  }
  const tail = tailStart(packing, previous, open.end)
  if (tail === null) {
    closeChunk(packing)
    return
  }
  drafts.push({ ...previous, start: tail, freshStart: tail, textStart: tail, end: open.end })
  previous.end = trimEnd(packing.text, previous.start, tail)
  previous.textEnd = previous.end
  packing.open = null
}

/** Where to take text off a chunk so that both that text with the headings and the rest fit: a block, a line, a sentence. */
function tailStart(packing: Packing, previous: DraftChunk, end: number): number | null {
  const { text, lines, measure, settings, blockStarts } = packing
  const floor = Math.max(previous.textStart ?? 0, previous.freshStart)
  const isGood = (start: number) =>
    measure.count(start, end) <= settings.maxTokens &&
    measure.count(previous.start, trimEnd(text, previous.start, start)) <= settings.maxTokens
  const last = measure.lineAt(previous.textEnd - 1)
  let anyLine: number | null = null
  for (let index = last; index >= 0; index--) {
    const { start } = lines[index] as Line
    if (start <= floor || measure.count(start, end) > settings.maxTokens) break
    if (!isGood(start)) continue
    if (blockStarts.has(start)) return start
    anyLine ??= start
  }
  if (anyLine !== null) return anyLine
  const cut = findCut(text, floor, previous.textEnd - 1)
  const start = cut ? trimStart(text, cut.end, previous.textEnd) : null
  return start !== null && start < previous.textEnd && isGood(start) ? start : null
}
