import { AppError } from '../contract/failure.ts'
import type { Price } from '../contract/price-list.ts'
import type { PastCall } from './past-calls.sql.ts'
import { findPrice, type PriceKey, priceUnits } from './price-units.ts'
import { splitExactly } from './split-exactly.ts'

/** What would have been charged under other prices. */
export interface Repricer {
  /** The call at the new prices; null when there is none for it. */
  reprice(call: PastCall): PastCall | null
  /** Throws `call_unpriceable` that names every price that was missing. */
  refuseIncomplete(): void
}

const mostNamed = 20

/**
 * Prices calls by their units, by `prices` alone, on the day of the call; rounded up per call and split exactly over its shares. What was
 * simulated, or done by a free provider, still costs nothing and has the new price in the shadow column; `priceKeyOf`
 * says by which price, and whether the provider is free.
 */
export function createRepricer(
  prices: readonly Price[],
  priceKeyOf: (call: PastCall) => { key: PriceKey; free: boolean },
): Repricer {
  const list = prices.map(price => ({ ...price, origin: 'file' as const }))
  const missing = new Map<string, { day: string; calls: number }>()
  return {
    reprice(call) {
      const units = call.shares.reduce((sum, share) => sum + share.units, 0n)
      const { key, free } = priceKeyOf(call)
      if (units > 0n && !findPrice(list, key, call.at)) {
        const name = `${key.operation} by ${key.provider} "${key.model}"`
        const known = missing.get(name) ?? { day: call.at.toISOString().slice(0, 10), calls: 0 }
        missing.set(name, { ...known, calls: known.calls + 1 })
        return null
      }
      const price = units > 0n ? priceUnits(list, key, Number(units), call.at) : 0n
      const parts = splitExactly(
        price,
        call.shares.map(share => Number(share.units)),
      )
      const shares = call.shares.map((share, i) => {
        const shadowNanoUsd = parts[i] ?? 0n
        return { ...share, costNanoUsd: free ? 0n : shadowNanoUsd, shadowNanoUsd }
      })
      return { ...call, shares }
    },
    refuseIncomplete() {
      if (missing.size === 0) return
      const named = [...missing].slice(0, mostNamed)
      const texts = named.map(([name, { day, calls }]) => `${name} (${calls} calls, the first on ${day})`)
      const more = missing.size > mostNamed ? ` and ${missing.size - mostNamed} more` : ''
      throw new AppError('call_unpriceable', `The given prices have none for ${texts.join(', ')}${more}.`)
    },
  }
}
