import type { NanoUsd } from '../contract/money.ts'
import type { Service } from '../contract/service.ts'

/** Prices a free stand-in's units as the real provider would, so that a rehearsal forecasts the bill. */
export function shadowPriced<Input, Output>(
  inner: Service<Input, Output>,
  nanoUsdPerUnit: NanoUsd,
): Service<Input, Output> {
  const price = (units: number) => BigInt(units) * nanoUsdPerUnit
  return {
    quote(input) {
      const quote = inner.quote(input)
      return { ...quote, shadowNanoUsd: price(quote.units) }
    },
    async call(input, options) {
      const result = await inner.call(input, options)
      return { ...result, usage: { ...result.usage, shadowNanoUsd: price(result.usage.units) } }
    },
  }
}
