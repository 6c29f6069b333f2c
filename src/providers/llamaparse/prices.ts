import { AppError } from '../../contract/failure.ts'
import type { NanoUsd } from '../../contract/money.ts'

/** Credits per page by tier, and $1.25 per 1,000 credits in the US region (source: LlamaParse pricing page, 2026-11). */
const creditsPerPage: ReadonlyMap<string, bigint> = new Map([
  ['fast', 1n],
  ['cost_effective', 3n],
  ['agentic', 10n],
  ['agentic_plus', 45n],
])
const nanoUsdPerCredit = 1_250_000n

/** What a page costs at a tier. Throws `call_unpriceable` for a tier that has no price. */
export function pricePage(tier: string): NanoUsd {
  const credits = creditsPerPage.get(tier)
  if (credits === undefined) throw new AppError('call_unpriceable', `LlamaParse tier "${tier}" has no price.`)
  return credits * nanoUsdPerCredit
}
