/**
 * A query that a reader of these pages could ask: the heading whose words are the most telling, that is frequent in the pages
 * but in few of them; without headings the most telling words. Null when the pages have no words.
 */
export function chooseQuery(pages: readonly string[]): string | null {
  const weights = wordWeights(pages)
  const headings = pages.flatMap(page => [...page.matchAll(/^#{1,6}\s+(.+)$/gm)].map(match => plain(match[1] ?? '')))
  const candidates = headings
    .map(heading => ({ heading, words: [...new Set(wordsOf(heading))] }))
    .filter(({ words }) => words.length >= 2 && words.length <= 8)
    .map(({ heading, words }) => ({
      heading,
      weight: words.reduce((sum, word) => sum + (weights.get(word) ?? 0), 0) / words.length,
    }))
    .sort((a, b) => b.weight - a.weight)
  if (candidates[0]) return candidates[0].heading
  const words = [...weights].sort((a, b) => b[1] - a[1]).slice(0, 3)
  return words.length > 0 ? words.map(([word]) => word).join(' ') : null
}

function wordWeights(pages: readonly string[]): Map<string, number> {
  const counts = new Map<string, { total: number; pages: number }>()
  for (const page of pages) {
    const words = wordsOf(plain(page))
    for (const word of words) {
      const count = counts.get(word) ?? { total: 0, pages: 0 }
      counts.set(word, { total: count.total + 1, pages: count.pages })
    }
    for (const word of new Set(words)) {
      const count = counts.get(word)
      if (count) count.pages += 1
    }
  }
  // Frequent words tell most, unless they stand on every page; the + 1 keeps them above nothing in a one-page document.
  const weigh = ({ total, pages: on }: { total: number; pages: number }) =>
    Math.log(1 + total) * Math.log(1 + pages.length / on)
  return new Map([...counts].map(([word, count]) => [word, weigh(count)]))
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/\p{L}[\p{L}\p{N}'’-]{3,}|\p{Script=Han}{2,}/gu) ?? []).filter(
    word => !common.has(word),
  )
}

/** Without the marks of markdown. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#|<>\\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

const common = new Set(
  `about after also been before being between both could does each from have here into just like more most much only other over
  same should some such than that their them then there these they this those through under very were what when where which
  while will with within without would your contents table page chapter section introduction summary appendix`.split(
    /\s+/,
  ),
)
