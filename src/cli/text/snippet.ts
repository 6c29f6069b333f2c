import type { Formatter } from 'picocolors/types.js'
import { displayWidth } from './display-width.ts'
import { printable } from './printable.ts'

/**
 * A few lines of `text` around the first highlights, white space made single, cut at words, each at most `columns` wide.
 * `…` stands where text was left out. Highlights are offsets into `text` (UTF-16 code units).
 */
export function snippetLines(
  text: string,
  highlights: readonly { start: number; end: number }[],
  shape: { columns: number; lines: number },
  mark: Formatter,
): string[] {
  const words = wordsOf(text, highlights)
  const firstMarked = Math.max(
    0,
    words.findIndex(word => word.marked),
  )
  const start = backUp(words, firstMarked, shape.columns)
  const lines: string[] = []
  let line = start > 0 ? '…' : ''
  let at = start
  for (; at < words.length; at += 1) {
    const word = words[at] as Word
    const glue = line === '' ? '' : ' '
    if (line !== '' && displayWidth(line + glue) + word.columns > shape.columns) {
      if (lines.length + 1 === shape.lines) break
      lines.push(line)
      line = ''
    }
    line += (line === '' ? '' : ' ') + paint(word, mark)
  }
  if (line !== '') lines.push(at < words.length ? `${line} …` : line)
  return lines
}

interface Word {
  parts: { text: string; marked: boolean }[]
  marked: boolean
  columns: number
}

function wordsOf(text: string, highlights: readonly { start: number; end: number }[]): Word[] {
  const cuts = highlights.flatMap(({ start, end }) => [start, end])
  const words: Word[] = []
  const marks = [...text.matchAll(markdownMarks)]
  // A longer word (a table rule, say) is cut into pieces that fit any line.
  for (const match of text.matchAll(/\S{1,60}/gu)) {
    const from = match.index
    if (marks.some(mark => mark.index <= from && from < mark.index + mark[0].length)) continue
    const to = from + match[0].length
    const edges = [...new Set([from, ...cuts.filter(cut => cut > from && cut < to), to])].sort((a, b) => a - b)
    const parts = edges.slice(1).map((end, i) => {
      const begin = edges[i] ?? from
      return { text: printable(text.slice(begin, end)), marked: highlights.some(h => h.start <= begin && end <= h.end) }
    })
    const columns = parts.reduce((sum, part) => sum + displayWidth(part.text), 0)
    words.push({ parts, marked: parts.some(part => part.marked), columns })
  }
  return words
}

/** Where to begin so that about half a line stands before the first highlight, or all of the text when it is near. */
function backUp(words: readonly Word[], first: number, columns: number): number {
  let room = columns / 2
  let start = first
  while (start > 0) {
    room -= (words[start - 1]?.columns ?? 0) + 1
    if (room < 0) break
    start -= 1
  }
  return start
}

function paint(word: Word, mark: Formatter): string {
  return word.parts.map(part => (part.marked ? mark(part.text) : part.text)).join('')
}

/** Table rules and the marks of headings: they tell a reader of a few lines nothing. */
const markdownMarks = /^[ \t]*(?:#{1,6}(?=[ \t])|[|:\- \t]*-{3}[|:\- \t]*$)/gm
