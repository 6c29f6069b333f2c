import type { NanoUsd } from '../contract/money.ts'
import type { DirectService } from '../contract/service.ts'

/** Prices a free stand-in's units as the real provider would (`price`), so that a rehearsal forecasts the bill. */
export function shadowPriced<Input, Output>(
  inner: DirectService<Input, Output>,
  price: (units: number) => NanoUsd,
): DirectService<Input, Output> {
  return {
    async quote(input, options) {
      const quote = await inner.quote(input, options)
      return quote && { ...quote, shadowNanoUsd: price(quote.units) }
    },
    price: units => ({ units, costNanoUsd: 0n, shadowNanoUsd: price(units) }),
    variant: input => inner.variant(input),
    async call(input, options) {
      price(0) // a call without a price is refused before it is made
      const result = await inner.call(input, options)
      return { ...result, usage: { ...result.usage, shadowNanoUsd: price(result.usage.units) } }
    },
  }
}
