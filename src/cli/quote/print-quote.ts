import { formatUsd } from '../../contract/format-usd.ts'
import type { NanoUsd } from '../../contract/money.ts'
import type { FileQuote } from '../../contract/quote.ts'
import { counted } from '../text/amounts.ts'
import { printable } from '../text/printable.ts'
import { type Cell, type Column, printTable } from '../text/table.ts'
import type { Terminal } from '../text/terminal.ts'
import type { QuotedFile } from './quote-files.ts'
import { type Range, totalQuote } from './total-quote.ts'

const columns: Column[] = [
  { title: 'Document', flexible: true },
  { title: 'Pages', align: 'right' },
  { title: 'Chunks', align: 'right' },
  { title: 'Parse', align: 'decimal' },
  { title: 'Embed', align: 'decimal' },
  { title: 'Note' },
]

/** A line for each file, then what they cost together, in the best and the worst case. */
export function printQuote(out: Terminal, files: readonly QuotedFile[]): void {
  const quotes = files.flatMap(({ quote }) => quote ?? [])
  const total = totalQuote(quotes)
  const paid = total.real.worst > 0n
  printTable(
    out,
    columns,
    files.map(file => cells(file, paid, out)),
  )
  out.line()
  out.line(`${counted(total.files, 'document')}, ${counted(total.pages, 'page')}`)
  if (total.known > 0 || total.avoidedShadow > 0n)
    out.line(
      `${total.known} of them there already; ${formatUsd(total.avoidedShadow)} at list prices need not be paid again`,
    )
  out.line(
    paid
      ? `will cost ${rangeWords(total.real)}`
      : `will cost nothing: no provider is paid in this mode; at the real services it would be ${rangeWords(total.shadow)}`,
  )
  if (!total.exact)
    out.line('the texts of another parser can be longer or shorter: the amounts for embedding are estimates')
  if (total.files > 1) out.line('passages that several of them share are counted for each, and paid once')
}

/** e.g. `$0.12`, or `$0.12 to $0.20`. */
export function rangeWords({ best, worst }: Range): string {
  return best === worst ? formatUsd(worst) : `${formatUsd(best)} to ${formatUsd(worst)}`
}

function cells({ file, quote, failure }: QuotedFile, paid: boolean, { colors }: Terminal): Cell[] {
  const name = { text: printable(file.label) }
  if (failure) return [name, empty, empty, empty, empty, { text: printable(failure.message), paint: colors.red }]
  const worst = (range: FileQuote['parse']): NanoUsd => BigInt(paid ? range.real.worst : range.shadow.worst)
  return [
    name,
    { text: String(quote.pages) },
    { text: String(quote.chunks) },
    { text: formatUsd(worst(quote.parse)) },
    { text: formatUsd(worst(quote.embed)) },
    { text: noteOn(quote), paint: colors.dim },
  ]
}

const empty = { text: '' }

function noteOn({ documentId, embed }: FileQuote): string {
  if (documentId !== null) return 'there already'
  const all = embed.known.units + embed.units.worst
  return embed.known.units === 0 ? '' : `${Math.round((embed.known.units / all) * 100)} % of its text is there`
}
