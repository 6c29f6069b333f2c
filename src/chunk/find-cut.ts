import { backToCodePoint } from './code-point.ts'
import { isSpace, trimEnd } from './read-lines.ts'

export interface Cut {
  /** After a character that is not white space. */
  end: number
  kind: 'sentence' | 'word' | 'character'
}

/**
 * The best place to end a chunk in `(from, reach]`: the last sentence end in the later half, else the last word end
 * there, else `reach` itself, or the end of a grapheme before it. Null where no character that is not white space is.
 */
export function findCut(text: string, from: number, reach: number): Cut | null {
  const last = trimEnd(text, from, reach)
  if (last <= from) return null
  const earliest = from + Math.ceil((last - from) / 2)
  let word = 0
  for (let end = last; end >= earliest; end--) {
    if (isSentenceEnd(text, end)) return { end, kind: 'sentence' }
    if (word === 0 && isWordEnd(text, end)) word = end
  }
  if (word > 0) return { end: word, kind: 'word' }
  const end = trimEnd(text, from, graphemeEnd(text, from, last))
  return end > from ? { end, kind: 'character' } : null
}

/** Whether a sentence ends right before `end`: `.`, `!`, `?`, `…` and closing marks before white space, or CJK stops. */
export function isSentenceEnd(text: string, end: number): boolean {
  const following = text.charCodeAt(end)
  const isBeforeSpace = end >= text.length || isSpace(following)
  let at = end - 1
  while (at > end - 4 && closers.includes(text.charAt(at))) at--
  const mark = text.charAt(at)
  if (mark === '' || isSpace(text.charCodeAt(end - 1))) return false
  if (isBeforeSpace) return latinStops.includes(mark) || wideStops.includes(mark)
  return wideStops.includes(mark) && !closers.includes(text.charAt(end)) && !wideStops.includes(text.charAt(end))
}

export function isWordEnd(text: string, end: number): boolean {
  return end > 0 && !isSpace(text.charCodeAt(end - 1)) && (end >= text.length || isSpace(text.charCodeAt(end)))
}

const latinStops = '.!?…'
const wideStops = '。！？｡．'
const closers = ')]}"\'”’»」』）】》*_'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const graphemeWindowUnits = 64

/** The last grapheme boundary in `(from, end]`, as far as a short window tells; else the last code point boundary. */
function graphemeEnd(text: string, from: number, end: number): number {
  if (end >= text.length) return end
  const windowStart = backToCodePoint(text, Math.max(from, end - graphemeWindowUnits))
  const window = text.slice(windowStart, end + graphemeWindowUnits)
  const boundary = windowStart + (graphemes.segment(window).containing(end - windowStart)?.index ?? 0)
  return boundary > Math.max(from, windowStart) ? boundary : backToCodePoint(text, end)
}
