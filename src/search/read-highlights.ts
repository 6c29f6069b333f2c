import { marks } from './search.sql.ts'

/** Turns a text with marked words into their offsets in the unmarked text (UTF-16 code units). */
export function readHighlights(marked: string): { start: number; end: number }[] {
  const highlights: { start: number; end: number }[] = []
  let removed = 0
  let start = -1
  for (let at = 0; at < marked.length; at++) {
    if (marked[at] === marks.start) {
      start = at - removed
      removed++
    } else if (marked[at] === marks.end) {
      if (start >= 0) highlights.push({ start, end: at - removed })
      start = -1
      removed++
    }
  }
  return highlights
}
