import type { TokenCounter } from './count-tokens.ts'
import type { Line } from './read-lines.ts'

/** Exact token counts of any range of a page that ends in a character that is not white space. */
export interface PageMeasure {
  /** Tokens of the range; some number above the limit where it has more. */
  count(start: number, end: number): number
  /** The end of the longest prefix of the range that is within the limit; it may be `end`, or `start` itself. */
  fit(start: number, end: number): number
  /** The index of the line that holds the offset, or of the last one before it. */
  lineAt(offset: number): number
}

/**
 * Counts every line once, so that a range of lines is a subtraction. That is exact although BPE counts do not add up in
 * general: before a line that is not blank the pre-tokenizer always breaks (a newline ends a piece, whatever follows it,
 * unless more white space with a newline does), and a piece never depends on what is before it. Only a range's own last
 * line is counted without its trailing white space.
 */
export function measurePage(
  markdown: string,
  lines: readonly Line[],
  counter: TokenCounter,
  limit: number,
): PageMeasure {
  const bodies = new Float64Array(lines.length)
  const before = new Float64Array(lines.length + 1)
  lines.forEach((line, index) => {
    const tokens = counter.countLine(markdown, line.start, line.end, line.next, limit)
    bodies[index] = tokens.body
    before[index + 1] = (before[index] ?? 0) + tokens.whole
  })
  const starts = Float64Array.from(lines, line => line.start)

  /** Tokens from `start` to the start of the line after `index`, which is the line of `start`. */
  function countRest(start: number, index: number): number {
    const line = lines[index] as Line
    if (start === line.start) return (before[index + 1] ?? 0) - (before[index] ?? 0)
    return counter.count(markdown, start, line.next, limit)
  }

  function count(start: number, end: number): number {
    const first = lineAt(start)
    const last = lineAt(end - 1)
    const { start: lastStart, end: lastEnd } = lines[last] as Line
    const from = first === last ? start : lastStart
    const isWholeLine = from === lastStart && end === lastEnd
    const tail = isWholeLine ? (bodies[last] ?? 0) : counter.count(markdown, from, end, limit)
    if (first === last || tail > limit) return tail
    return countRest(start, first) + (before[last] ?? 0) - (before[first + 1] ?? 0) + tail
  }

  function fit(start: number, end: number): number {
    const first = lineAt(start)
    const last = lineAt(end - 1)
    let fitted = start
    let used = 0
    for (let index = first; index <= last; index++) {
      const line = lines[index] as Line
      const from = index === first ? start : line.start
      const to = Math.min(line.end, end)
      const isWholeLine = from === line.start && to === line.end
      if (!isWholeLine || used + (bodies[index] ?? 0) > limit) {
        const reach = counter.fit(markdown, from, to, limit - used)
        if (reach < to) return reach > from ? reach : fitted
      }
      fitted = to
      if (index < last) used += countRest(from, index)
      if (used >= limit) return fitted
    }
    return fitted
  }

  function lineAt(offset: number): number {
    let low = 0
    for (let high = lines.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
  return { count, fit, lineAt }
}
