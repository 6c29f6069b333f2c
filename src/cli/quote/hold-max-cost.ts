import { formatUsd } from '../../contract/format-usd.ts'
import type { NanoUsd } from '../../contract/money.ts'
import { CliFailure } from '../cli-failure.ts'
import type { FoundFile } from '../ingest/expand-paths.fs.ts'
import type { SluiceClient, UploadWishes } from '../server/sluice-client.http.ts'
import { quoteFiles } from './quote-files.ts'
import { holdOf, totalQuote } from './total-quote.ts'

/**
 * Quotes the files, refuses when that can come to more than `maxNanoUsd`, and holds the whole of it otherwise. Where no provider
 * is paid, the amount is compared with what the real ones would charge. Answers the quote's id and what it says.
 * Throws `quote_exceeded`.
 */
export async function holdMaxCost(
  client: SluiceClient,
  files: readonly FoundFile[],
  { chunking, parsing, tags = [] }: Pick<UploadWishes, 'chunking' | 'parsing' | 'tags'>,
  maxNanoUsd: NanoUsd,
): Promise<{ quoteId: string; words: string }> {
  const quotes = (await quoteFiles(client, files, { chunking, parsing })).flatMap(({ quote }) => quote ?? [])
  const total = totalQuote(quotes)
  const paid = total.real.worst > 0n
  const worst = paid ? total.real.worst : total.shadow.worst
  const where = paid ? '' : ' at the real services'
  if (worst > maxNanoUsd) {
    const message = `These documents can cost ${formatUsd(worst)}${where}, more than --max-cost ${formatUsd(maxNanoUsd)}; nothing was sent.`
    throw new CliFailure('quote_exceeded', message)
  }
  const { quoteId } = await client.holdQuote(holdOf(quotes, tags))
  return { quoteId, words: `held ${formatUsd(worst)} for it${paid ? '' : ' (as it would be at the real services)'}` }
}
