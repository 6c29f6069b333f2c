import type { Price } from '../../contract/price-list.ts'

/** Credits for a page at each tier (LlamaParse's list, 2026-11). */
const creditsPerPage = { fast: 1n, cost_effective: 3n, agentic: 10n, agentic_plus: 45n }
/** $1.25 for 1,000 credits, in the US region. */
export const nanoUsdPerCredit = 1_250_000n

/** LlamaParse's list prices, since the first version of its tiers. */
export const llamaParsePrices: readonly Price[] = Object.entries(creditsPerPage).map(([tier, credits]) => ({
  provider: 'llamaparse',
  operation: 'parse',
  model: tier,
  unit: 'page',
  nanoUsd: credits * nanoUsdPerCredit,
  perUnits: 1n,
  effectiveFrom: '2025-11-18',
  source: 'https://www.llamaindex.ai/pricing (US region, as of 2026-11)',
}))
