/**
 * The pages that `target_pages` names ("1,3,5-8", 1-based), ascending; a message where it is not of that form or names a page twice.
 * The documentation says both that duplicates are removed and that they are an error; this takes the stricter one.
 */
export function readTargetPages(text: string): number[] | { fault: string } {
  const pages = new Set<number>()
  for (const part of text.split(',')) {
    const range = /^\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*$/.exec(part)
    if (!range) return { fault: `Invalid page range: '${part}'. Use a format such as '1,3,5-8'.` }
    const first = Number(range[1])
    const last = Number(range[2] ?? range[1])
    if (first < 1) return { fault: 'Page numbers start at 1.' }
    if (last < first) return { fault: `Invalid page range: '${part.trim()}'. Its end is before its start.` }
    for (let page = first; page <= last; page++) {
      if (pages.has(page)) return { fault: `Duplicate page: ${page}.` }
      pages.add(page)
    }
  }
  return [...pages].sort((a, b) => a - b)
}

interface PageRanges {
  max_pages?: number | null | undefined
  target_pages?: string | null | undefined
}

/** What is left of a document's pages; `target_pages` wins over `max_pages` (as documented). Pages that do not exist are passed over (a guess). */
export function selectPages<Page extends { pageNumber: number }>(
  pages: readonly Page[],
  ranges: PageRanges | null | undefined,
): Page[] {
  const { max_pages: maxPages, target_pages: targetPages } = ranges ?? {}
  if (targetPages) {
    const wanted = readTargetPages(targetPages)
    return Array.isArray(wanted) ? pages.filter(({ pageNumber }) => wanted.includes(pageNumber)) : []
  }
  return pages.slice(0, maxPages ?? pages.length)
}
