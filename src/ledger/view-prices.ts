import type { PriceList, PriceListView } from '../contract/price-list.ts'
import { findPrice } from './price-units.ts'

/** Every known price as the API shows it, by provider, operation and model, the newest first. */
export function viewPrices(list: PriceList, at: Date): PriceListView {
  const prices = list.map(price => ({
    ...price,
    nanoUsd: price.nanoUsd.toString(),
    perUnits: price.perUnits.toString(),
    effectiveTo: price.effectiveTo ?? null,
    inForce: findPrice(list, price, at) === price,
  }))
  const nameOf = ({ provider, operation, model }: (typeof prices)[number]) => `${provider}\n${operation}\n${model}`
  prices.sort(
    (a, b) => compare(nameOf(a), nameOf(b)) || compare(b.effectiveFrom, a.effectiveFrom) || compare(b.origin, a.origin),
  )
  return { at: at.toISOString(), prices }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
