import type { ParsedPage } from '../../contract/page.ts'

const MIN_PAGES = 3
const MAX_LINE_CHARS = 120

/**
 * Drops running headers and footers: a first or last line that stands on at least half of three or more pages and whose
 * numbers stay the same or count up with the pages, so that a total at the foot of each invoice stays. A heading is never
 * one, since losing it would cost the text below it its place, and no page is left with nothing but headings.
 */
export function stripRunningLines(pages: readonly ParsedPage[]): ParsedPage[] {
  let stripped = [...pages]
  // Two rounds, for a header of two lines or a page number below a footer.
  for (let round = 0; round < 2; round++)
    for (const edge of ['first', 'last'] as const) stripped = stripEdge(stripped, edge)
  return stripped
}

interface EdgeLine {
  page: ParsedPage
  /** The line with its numbers blanked. */
  pattern: string
  numbers: number[]
  rest: string
}

function stripEdge(pages: readonly ParsedPage[], edge: 'first' | 'last'): ParsedPage[] {
  const filledCount = pages.filter(page => page.markdown !== '').length
  const candidates = pages.map(page => edgeLine(page, edge)).filter(line => line !== null)
  const replaced = new Map<ParsedPage, string>()
  for (const group of Map.groupBy(candidates, line => line.pattern).values()) {
    const running = withRunningNumbers(group)
    if (running.length >= MIN_PAGES && running.length * 2 >= filledCount)
      for (const line of running) replaced.set(line.page, line.rest)
  }
  return pages.map(page => ({ ...page, markdown: replaced.get(page) ?? page.markdown }))
}

/** The block of text at an edge of the page (as markdown parts them, by empty lines), if it may be a running line. */
function edgeLine(page: ParsedPage, edge: 'first' | 'last'): EdgeLine | null {
  const { markdown } = page
  const end = edge === 'first' ? markdown.indexOf('\n\n') : markdown.lastIndexOf('\n\n')
  if (end < 0) return null
  const [before, after] = [markdown.slice(0, end).trim(), markdown.slice(end).trim()]
  const [line, rest] = edge === 'first' ? [before, after] : [after, before]
  const isText = line !== '' && line.length <= MAX_LINE_CHARS && !line.includes('\n') && !/^(#|\||```)/.test(line)
  if (!isText || !/^(?!#{1,6} ).*\S/m.test(rest)) return null
  return { page, pattern: line.replace(/\d+/g, '0'), numbers: (line.match(/\d+/g) ?? []).map(Number), rest }
}

function withRunningNumbers(lines: readonly EdgeLine[]): EdgeLine[] {
  const positions = lines[0]?.numbers.map((_, i) => ({
    usual: mostCommon(lines.map(line => line.numbers[i])),
    usualOffset: mostCommon(lines.map(line => (line.numbers[i] ?? 0) - line.page.pageNumber)),
  }))
  return lines.filter(({ numbers, page }) =>
    numbers.every((n, i) => n === positions?.[i]?.usual || n - page.pageNumber === positions?.[i]?.usualOffset),
  )
}

function mostCommon<Value>(values: readonly Value[]): Value | undefined {
  const groups = [...Map.groupBy(values, value => value).values()]
  return groups.toSorted((a, b) => b.length - a.length)[0]?.[0]
}
