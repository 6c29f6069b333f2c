import { diffArrays } from 'diff'
import type { Comparison } from '../contract/comparison.ts'
import type { ParsedPage } from '../contract/page.ts'

type Part = NonNullable<Comparison['mostDifferentPage']>['parts'][number]

/** Where more words than this have to be changed, the order is not compared: the work grows with their square. */
const mostEdits = 4_000
const mostPartCharacters = 6_000

/** How alike two readings of a document are, page by page, and where they differ most. Pure; comparing with itself gives 1. */
export function compareTexts(
  a: readonly ParsedPage[],
  b: readonly ParsedPage[],
): Pick<Comparison, 'similarity' | 'mostDifferentPage'> {
  const numbers = [...new Set([...a, ...b].map(page => page.pageNumber))].sort((x, y) => x - y)
  const textOf = (pages: readonly ParsedPage[], number: number) =>
    pages.find(page => page.pageNumber === number)?.markdown ?? ''
  const totals = { all: 0, inOrder: 0, shared: 0, ordered: 0, tooDifferent: 0 }
  let most: Comparison['mostDifferentPage'] = null
  for (const pageNumber of numbers) {
    const page = comparePage(textOf(a, pageNumber), textOf(b, pageNumber))
    totals.all += page.all
    totals.shared += page.shared
    if (page.parts === null) totals.tooDifferent++
    totals.ordered += page.parts === null ? 0 : page.all
    totals.inOrder += page.inOrder
    const similarity = page.all === 0 ? 1 : (page.parts ? page.inOrder : page.shared) / page.all
    if (similarity < (most?.similarity ?? 1)) most = { pageNumber, similarity, parts: shorten(page.parts ?? []) }
  }
  const share = (part: number, all: number) => (all === 0 ? 1 : part / all)
  return {
    similarity: {
      inOrder: share(totals.inOrder, totals.ordered),
      words: share(totals.shared, totals.all),
      pagesCompared: numbers.length,
      pagesTooDifferent: totals.tooDifferent,
    },
    mostDifferentPage: most,
  }
}

/** Words of both together (`all`), of these the shared ones in whatever order, and those in order; `parts` is null where too much differs. */
function comparePage(a: string, b: string) {
  const [left, right] = [wordsOf(a), wordsOf(b)]
  const all = left.length + right.length
  const shared = 2 * countShared(left, right)
  const changes = diffArrays(left, right, { maxEditLength: mostEdits })
  if (!changes) return { all, shared, inOrder: 0, parts: null }
  const parts = changes.map(({ added, removed, value }): Part => {
    return { kind: added ? 'b' : removed ? 'a' : 'both', text: value.join(' ') }
  })
  const same = changes.reduce((sum, { added, removed, value }) => sum + (added || removed ? 0 : value.length), 0)
  return { all, shared, inOrder: 2 * same, parts }
}

/** Words without the marks of Markdown, which parsers set differently. */
function wordsOf(markdown: string): string[] {
  return markdown.split(/[\s|*_#`>]+/).filter(word => /[\p{L}\p{N}]/u.test(word))
}

function countShared(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const word of a) counts.set(word, (counts.get(word) ?? 0) + 1)
  let shared = 0
  for (const word of b) {
    const left = counts.get(word) ?? 0
    if (left > 0) shared++
    counts.set(word, left - 1)
  }
  return shared
}

/** As much as a reader looks at; what both have is cut first. */
function shorten(parts: readonly Part[]): Part[] {
  const kept: Part[] = []
  let room = mostPartCharacters
  for (const { kind, text } of parts) {
    const short = kind === 'both' && text.length > 240 ? `${text.slice(0, 110)} … ${text.slice(-110)}` : text
    if (room <= 0) break
    kept.push({ kind, text: short.slice(0, room) })
    room -= short.length
  }
  return kept
}
