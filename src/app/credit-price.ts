import type { NanoUsd } from '../contract/money.ts'
import type { PriceList } from '../contract/price-list.ts'
import { priceUnits } from '../ledger/price-units.ts'

const tier = 'cost_effective'
const creditsPerPage = 3n

/** What a credit of LlamaCloud costs now by the price list in force, by which a region's or a contract's own prices count, rounded up. */
export function creditPrice(prices: PriceList): NanoUsd {
  const page = priceUnits(prices, { provider: 'llamaparse', operation: 'parse', model: tier }, 1, new Date())
  return (page + creditsPerPage - 1n) / creditsPerPage
}
