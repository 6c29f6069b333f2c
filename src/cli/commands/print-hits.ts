import type { Provenance, VectorSpace } from '../../contract/provenance.ts'
import type { SearchHit, SearchResponse } from '../../contract/search.ts'
import { counted } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { snippetLines } from '../text/snippet.ts'
import type { Terminal } from '../text/terminal.ts'

/** Hits for people: where each stands, how it was found, the passage around its first highlight, and what made it. */
export function printHits(out: Terminal, response: SearchResponse): void {
  const { yellow, dim } = out.colors
  if (response.degraded)
    out.line(
      yellow(`degraded${response.method === 'hybrid' ? '' : ' (full text only)'}: ${printable(response.degraded)}`),
    )
  if (response.hits.length === 0) out.line('nothing found')
  response.hits.forEach((hit, i) => {
    printHit(out, hit, i + 1)
    out.line()
  })
  const method = response.method === 'hybrid' ? 'by meaning and words' : 'by words'
  out.line(dim(`${counted(response.hits.length, 'hit')} ${method} in ${Math.round(response.tookMs)} ms`))
}

function printHit(out: Terminal, hit: SearchHit, rank: number): void {
  const { bold, cyan, dim, yellow, inverse } = out.colors
  const heading = hit.headingPath.map(printable).join(' › ')
  out.line(`${bold(`${rank}. ${printable(hit.fileName)}`)}, page ${hit.pageNumber}${heading && `  ${cyan(heading)}`}`)
  const mark = out.colors.isColorSupported ? (text: unknown) => bold(inverse(String(text))) : String
  const shape = { columns: Math.min(out.columns(), 110) - 6, lines: 3 }
  for (const line of snippetLines(hit.text, hit.highlights, shape, mark)) out.line(`   ${line}`)
  out.line(`   ${dim(`score ${hit.score.toFixed(4)} (${partsOf(hit)})`)}`)
  const { parse, embed } = hit.provenance
  const simulated = parse.simulated || embed.simulated || parse.provisional === true
  const made = `parsed by ${madeBy(parse)}, embedded by ${madeBy(embed)}`
  out.line(`   ${simulated ? yellow(made) : dim(made)}`)
}

function partsOf({ scoreParts: { vector, fullText } }: SearchHit): string {
  const parts = []
  if (vector) parts.push(`meaning: rank ${vector.rank}, similarity ${vector.cosineSimilarity.toFixed(3)}`)
  if (fullText) parts.push(`words: rank ${fullText.rank}`)
  return parts.join('; ')
}

export function madeBy(made: Provenance | VectorSpace): string {
  const name = printable(made.model === made.provider ? made.provider : `${made.provider} ${made.model}`)
  const marks = [made.simulated ? 'simulated' : '', 'provisional' in made && made.provisional ? 'provisional' : '']
  const said = marks.filter(mark => mark !== '').join(', ')
  return said === '' ? name : `${name} (${said})`
}
