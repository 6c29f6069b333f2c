/** First and last page, 1-based, both included. */
export type PageRange = readonly [first: number, last: number]

/** Which pages are wanted: those of the ranges (ascending, apart), or all where it is null, and no more than `maxPages` of them. */
export interface PageSelection {
  ranges: readonly PageRange[] | null
  maxPages: number | null
}

/** "1,3,5-8" as ranges that are ascending and apart, since LlamaParse may refuse a page that is named twice; null where it is not of that form. */
export function readPageRanges(text: string): PageRange[] | null {
  const ranges: [number, number][] = []
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*$/.exec(part)
    const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])]
    if (!(first >= 1 && first <= last)) return null
    ranges.push([first, last])
  }
  const joined: [number, number][] = []
  for (const [first, last] of ranges.sort((a, b) => a[0] - b[0])) {
    const previous = joined.at(-1)
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last)
    else joined.push([first, last])
  }
  return joined
}

/** How many pages of a file of `pageCount` are wanted. */
export function countSelected({ ranges, maxPages }: PageSelection, pageCount: number): number {
  let count = 0
  for (const [first, last] of ranges ?? [[1, pageCount]]) count += Math.max(0, Math.min(last, pageCount) - first + 1)
  return Math.min(count, maxPages ?? count)
}

/**
 * The ranges as `target_pages`, cut after `units` pages; null for all. LlamaParse lets `target_pages` go before `max_pages`, so that a file
 * with more pages than were counted could else cost more than was quoted.
 */
export function writeTargetPages(ranges: readonly PageRange[] | null, units: number): string | null {
  if (ranges === null) return null
  const parts: string[] = []
  let left = units
  for (const [first, last] of ranges) {
    if (left === 0) break
    const end = Math.min(last, first + left - 1)
    parts.push(first === end ? String(first) : `${first}-${end}`)
    left -= end - first + 1
  }
  return parts.join(',')
}
