import type { PriceUnits } from '../../contract/price-list.ts'
import type { Usage } from '../../contract/service.ts'
import { scaleDecimal } from '../../contract/usage-report.ts'
import { creditsOfTier } from './most-credits.ts'

/** A price is asked for so many pages at once, so that its rounding does not add up over credits. */
const samplePages = 1_000_000

/**
 * What so many credits (decimal text, not negative) cost, rounded up to a nano-dollar. A credit costs what the price list asks for a page of the tier, divided by
 * the tier's credits for a page: a price list of the user's own (another region, a contract) scales everything. Fails with `call_unpriceable`.
 */
export function priceCredits(
  { price, simulated }: { price: PriceUnits; simulated: boolean },
  tier: string,
  credits: string,
  units: number,
): Usage {
  const sampleCredits = BigInt(creditsOfTier(tier)) * BigInt(samplePages)
  const scaled = scaleDecimal(credits, price(tier, samplePages))
  const shadowNanoUsd = (scaled + sampleCredits - 1n) / sampleCredits
  return { units, costNanoUsd: simulated ? 0n : shadowNanoUsd, shadowNanoUsd }
}
