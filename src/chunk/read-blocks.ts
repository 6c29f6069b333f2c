import { headingText } from './heading-text.ts'
import type { Line } from './read-lines.ts'

/**
 * A run of lines, by index, both included. `rows` (a fenced code block, a pipe table, front matter) stays whole where it
 * fits and else splits between lines; `text` is a paragraph or one list item.
 */
export type Block =
  | { kind: 'text' | 'rows'; first: number; last: number }
  | { kind: 'heading'; first: number; last: number; level: number; title: string }

/** The blocks of a page in order; every line is in exactly one. Headings and fences are read as CommonMark says. */
export function readBlocks(markdown: string, lines: readonly Line[]): Block[] {
  const blocks: Block[] = []
  const reader: Reader = { lines, texts: lines.map(line => lineHead(markdown, line)) }
  let isInList = false
  for (let first = 0; first < lines.length; ) {
    const text = textAt(reader, first)
    const isItem = listItem.test(text)
    if (isItem) isInList = true
    else if (lines[first]?.afterBlankLine && !/^\s/.test(text)) isInList = false
    const block =
      frontMatter(reader, first) ??
      fencedCode(reader, first, isInList) ??
      atxHeading(reader, first) ??
      pipeTable(reader, first) ??
      paragraph(reader, first, isItem)
    blocks.push(block)
    first = block.last + 1
  }
  return blocks
}

interface Reader {
  lines: readonly Line[]
  texts: readonly string[]
}

/** A longer "heading" is a paragraph that some converter took for one: it is read as text. */
const maxHeadingUnits = 400
const maxSetextLines = 3
const listItem = /^\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
const setextUnderline = /^ {0,3}(=+|-+)$/
const fence = /^(\s*)(`{3,}(?=[^`]*$)|~{3,})/
const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/

/** The beginning of a line is enough to tell its kind; what is read off a line must not cost more on a line of megabytes. */
function lineHead(markdown: string, line: Line): string {
  return markdown.slice(line.start, Math.min(line.end, line.start + maxHeadingUnits + 1))
}

function textAt(reader: Reader, index: number): string {
  return reader.texts[index] ?? ''
}

function frontMatter({ lines, texts }: Reader, first: number): Block | undefined {
  if (first > 0 || texts[0] !== '---' || lines[1]?.afterBlankLine || !/^[\w-]+\s*:/.test(texts[1] ?? '')) return
  const last = texts.findIndex((text, index) => index > 0 && (text === '---' || text === '...'))
  return last > 0 ? { kind: 'rows', first, last } : undefined
}

function fencedCode({ texts, lines }: Reader, first: number, isInList: boolean): Block | undefined {
  const [, indent, marks] = fence.exec(texts[first] ?? '') ?? []
  if (indent === undefined || marks === undefined || (indent.length > 3 && !isInList)) return
  let last = first + 1
  while (last < lines.length && !closesFence(texts[last] ?? '', marks)) last++
  return { kind: 'rows', first, last: Math.min(last, lines.length - 1) }
}

function closesFence(text: string, marks: string): boolean {
  const body = text.trim()
  return body.length >= marks.length && body.startsWith(marks) && body === marks.charAt(0).repeat(body.length)
}

function atxHeading({ texts }: Reader, first: number): Block | undefined {
  const text = texts[first] ?? ''
  const [, marks, body = ''] = text.length > maxHeadingUnits ? [] : (atx.exec(text) ?? [])
  if (marks === undefined) return
  const title = body.replace(/(?:^|[ \t])#+$/, '')
  return { kind: 'heading', first, last: first, level: marks.length, title: headingText(title) }
}

function pipeTable({ texts, lines }: Reader, first: number): Block | undefined {
  if (!texts[first]?.includes('|') || !isDelimiterRow(texts[first + 1]) || lines[first + 1]?.afterBlankLine) return
  let last = first + 1
  while (last + 1 < lines.length && !lines[last + 1]?.afterBlankLine && texts[last + 1]?.includes('|')) last++
  return { kind: 'rows', first, last }
}

function isDelimiterRow(text: string | undefined): boolean {
  return text !== undefined && /^[\s|:-]*$/.test(text) && text.includes('|') && text.includes('-')
}

function paragraph(reader: Reader, first: number, isItem: boolean): Block {
  const { lines } = reader
  const start = textAt(reader, first)
  const mayBeSetext = !isItem && !/^ {0,3}>|^ {4}|^\t/.test(start)
  let last = first
  while (last + 1 < lines.length && !lines[last + 1]?.afterBlankLine) {
    const [, underline] = setextUnderline.exec(textAt(reader, last + 1)) ?? []
    if (underline !== undefined && mayBeSetext) {
      const title = reader.texts.slice(first, last + 1).join(' ')
      const isTitle = last - first < maxSetextLines && title.length <= maxHeadingUnits && !isBreak(start)
      if (!isTitle) break
      const level = underline.startsWith('=') ? 1 : 2
      return { kind: 'heading', first, last: last + 1, level, title: headingText(title) }
    }
    if (startsBlock(reader, last + 1)) break
    last++
  }
  return { kind: 'text', first, last }
}

/** A thematic break (`---`, `* * *`) is no title of the line below it. */
function isBreak(text: string): boolean {
  return /^\s*([-*_])(?:\s*\1){2,}\s*$/.test(text)
}

function startsBlock(reader: Reader, index: number): boolean {
  const text = textAt(reader, index)
  if (listItem.test(text)) return true
  return (fencedCode(reader, index, true) ?? atxHeading(reader, index) ?? pipeTable(reader, index)) !== undefined
}
