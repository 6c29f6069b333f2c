import type { Comparison } from '../../contract/comparison.ts'
import { compareRows } from './compare-rows.ts'

/** A comparison as one page that needs nothing else: no script, nothing from elsewhere, light and dark. All text from documents is escaped. */
export function htmlReport(
  names: { a: string; b: string },
  comparisons: readonly Comparison[],
  madeAt: string,
): string {
  const sections = comparisons.map(comparison => sectionOf(names, comparison)).join('\n')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(names.a)} against ${escapeHtml(names.b)}</title>
<style>${style}</style></head>
<body><main>
<h1>${escapeHtml(names.a)} <small>against</small> ${escapeHtml(names.b)}</h1>
<p class="about">${comparisons.length} document${comparisons.length === 1 ? '' : 's'}, compared at ${escapeHtml(madeAt)} by Sluice.
The time of providers is measured apart; all other time of a document, waiting for a worker included, is Sluice's overhead, of which 5 % of the
provider's time and a constant are stated. Times of what was there already say nothing.</p>
${sections}
</main></body></html>
`
}

function sectionOf(names: { a: string; b: string }, comparison: Comparison): string {
  const rows = compareRows(comparison).map(
    ({ what, a, b, difference }) =>
      `<tr><th scope="row">${escapeHtml(what)}</th><td>${escapeHtml(a)}</td><td>${escapeHtml(b)}</td><td>${escapeHtml(difference)}</td></tr>`,
  )
  return `<section><h2>${escapeHtml(comparison.fileName)}</h2>
<div class="wide"><table><thead><tr><th></th><th>${escapeHtml(names.a)}</th><th>${escapeHtml(names.b)}</th><th>difference</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div>
${differenceOf(names, comparison)}</section>`
}

function differenceOf(names: { a: string; b: string }, { mostDifferentPage: page, similarity }: Comparison): string {
  if (!page) return '<p>Word for word the same.</p>'
  const tags = { a: 'del', b: 'ins', both: 'span' } as const
  const text = page.parts.map(({ kind, text }) => `<${tags[kind]}>${escapeHtml(text)}</${tags[kind]}>`).join(' ')
  const apart =
    similarity.pagesTooDifferent > 0
      ? ` On ${similarity.pagesTooDifferent} page(s) too much differs to compare the order.`
      : ''
  return `<h3>Page ${page.pageNumber} differs most: ${(100 * page.similarity).toFixed(1)} % of its words are in order in both</h3>
<p class="about"><del>only ${escapeHtml(names.a)}</del> <ins>only ${escapeHtml(names.b)}</ins>${apart}</p><p class="text">${text}</p>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`)
}

const style = `
:root{color-scheme:light dark;--line:#d0d5dd;--soft:#667085;--del:#fde3e1;--ins:#dcf5e3;--bg:#fff;--fg:#101828}
@media(prefers-color-scheme:dark){:root{--line:#344054;--soft:#98a2b3;--del:#5c2b29;--ins:#1f4a2d;--bg:#101418;--fg:#e6e9ee}}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main{max-width:960px;margin:0 auto;padding:2rem 1rem}
h1 small{color:var(--soft);font-weight:400}section{margin-top:2.5rem;border-top:1px solid var(--line)}
.about{color:var(--soft)}.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .75rem;border-bottom:1px solid var(--line);vertical-align:top}
tbody th{font-weight:500;color:var(--soft);white-space:nowrap}
del{background:var(--del);text-decoration:none}ins{background:var(--ins);text-decoration:none}
.text{border:1px solid var(--line);border-radius:8px;padding:1rem;overflow-wrap:anywhere}`
