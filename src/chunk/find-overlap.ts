import { isSentenceEnd } from './find-cut.ts'
import type { PageMeasure } from './measure-page.ts'
import { isSpace } from './read-lines.ts'

/**
 * Where the overlap of the next chunk starts in `[start, end)`, the text of the chunk before it: within the first half of
 * what `limit` tokens allow at a block, else at a sentence, else at the earliest word. Gives `end` where nothing fits.
 */
export function findOverlap(
  text: string,
  measure: PageMeasure,
  blockStarts: ReadonlySet<number>,
  range: { start: number; end: number; limit: number },
): number {
  const { start, end, limit } = range
  const starts = wordStarts(text, Math.max(start, end - limit * unitsPerToken), end)
  let low = 0
  for (let high = starts.length; low < high; ) {
    const middle = (low + high) >> 1
    if (measure.count(starts[middle] ?? end, end) <= limit) high = middle
    else low = middle + 1
  }
  const earliest = starts[low]
  if (earliest === undefined) return end
  const half = earliest + (end - earliest) / 2
  const early = starts.slice(low).filter(at => at <= half)
  return early.find(at => blockStarts.has(at)) ?? early.find(at => startsSentence(text, at)) ?? earliest
}

/** No overlap is longer than this on average; more would be a search without end in a run of one character. */
const unitsPerToken = 16

/** Ascending offsets in `[from, end)` where a word or, without a space before it, a sentence starts. */
function wordStarts(text: string, from: number, end: number): number[] {
  const starts: number[] = []
  for (let at = from; at < end; at++) {
    if (isSpace(text.charCodeAt(at))) continue
    if (at === 0 || isSpace(text.charCodeAt(at - 1)) || isSentenceEnd(text, at)) starts.push(at)
  }
  return starts
}

function startsSentence(text: string, at: number): boolean {
  let end = at
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--
  return end === 0 || isSentenceEnd(text, end)
}
