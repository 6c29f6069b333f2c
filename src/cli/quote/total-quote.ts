import type { NanoUsd } from '../../contract/money.ts'
import type { FileQuote, PriceRange, QuoteHold } from '../../contract/quote.ts'

/** From the least to the most. */
export interface Range {
  best: NanoUsd
  worst: NanoUsd
}

/** What several files cost together. Texts that they have in common are counted for each, though they are paid once. */
export interface TotalQuote {
  files: number
  known: number
  pages: number
  real: Range
  shadow: Range
  /** What need not be bought, at list prices. */
  avoidedShadow: NanoUsd
  exact: boolean
}

/** Sums quotes. */
export function totalQuote(quotes: readonly FileQuote[]): TotalQuote {
  const ranges = quotes.flatMap(quote => [quote.parse, quote.embed])
  return {
    files: quotes.length,
    known: quotes.filter(quote => quote.documentId !== null).length,
    pages: quotes.reduce((sum, quote) => sum + quote.pages, 0),
    real: sumOf(ranges.map(range => range.real)),
    shadow: sumOf(ranges.map(range => range.shadow)),
    avoidedShadow: ranges.reduce((sum, range) => sum + BigInt(range.known.shadowNanoUsd), 0n),
    exact: quotes.every(quote => quote.exact),
  }
}

/** The amounts to hold for these quotes: the most that each service can cost. */
export function holdOf(quotes: readonly FileQuote[], tags: readonly string[]): QuoteHold {
  const amounts = (ranges: readonly PriceRange[]) => ({
    units: ranges.reduce((sum, range) => sum + range.units.worst, 0),
    realNanoUsd: String(sumOf(ranges.map(range => range.real)).worst),
    shadowNanoUsd: String(sumOf(ranges.map(range => range.shadow)).worst),
  })
  return { parse: amounts(quotes.map(q => q.parse)), embed: amounts(quotes.map(q => q.embed)), tags: [...tags] }
}

function sumOf(ranges: readonly { best: string; worst: string }[]): Range {
  return ranges.reduce(
    (sum, { best, worst }) => ({ best: sum.best + BigInt(best), worst: sum.worst + BigInt(worst) }),
    { best: 0n, worst: 0n },
  )
}
