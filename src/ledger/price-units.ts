import { AppError } from '../contract/failure.ts'
import type { NanoUsd } from '../contract/money.ts'
import type { Price, PriceList } from '../contract/price-list.ts'

export type PriceKey = Pick<Price, 'provider' | 'operation' | 'model'>

/**
 * What one call of `units` units (pages, tokens) costs at the price in force on that day (UTC), in nano-dollars, rounded up.
 * Throws `call_unpriceable` when the list has no price for it: an unknown price is never taken as zero.
 */
export function priceUnits(list: PriceList, key: PriceKey, units: number, at: Date): NanoUsd {
  const price = findPrice(list, key, at)
  if (!price) {
    const call = `${key.operation} by ${key.provider} "${key.model}"`
    throw new AppError('call_unpriceable', `There is no price for ${call} on ${dayOf(at)}.`)
  }
  const { nanoUsd, perUnits } = price
  return (BigInt(units) * nanoUsd + perUnits - 1n) / perUnits
}

/** The price in force: one from the file before a built-in one, and of several the one that began last. */
export function findPrice(list: PriceList, key: PriceKey, at: Date): PriceList[number] | null {
  const day = dayOf(at)
  let found: PriceList[number] | null = null
  for (const price of list) {
    if (price.provider !== key.provider || price.operation !== key.operation || price.model !== key.model) continue
    if (day < price.effectiveFrom || (price.effectiveTo !== undefined && day >= price.effectiveTo)) continue
    if (found === null || wins(price, found)) found = price
  }
  return found
}

function wins(price: PriceList[number], other: PriceList[number]): boolean {
  if (price.origin !== other.origin) return price.origin === 'file'
  return price.effectiveFrom > other.effectiveFrom
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
