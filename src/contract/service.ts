import type { NanoUsd } from './money.ts'

/**
 * The one shape of every service that can cost money. `quote` says the most that the call can cost;
 * `call` does it. Metering, limits and routing are decorators of this shape; stages know nothing of them.
 */
export interface Service<Input, Output> {
  quote(input: Input): Quote
  call(input: Input, options: { signal: AbortSignal }): Promise<ServiceResult<Output>>
}

/** `units` is what the price counts (pages, tokens). `shadowNanoUsd` is what the real provider would charge at most. */
export interface Quote {
  units: number
  costNanoUsd: NanoUsd
  shadowNanoUsd: NanoUsd
}

/** `usage.costNanoUsd` is what was really spent, `usage.shadowNanoUsd` what the real provider would have charged. */
export interface ServiceResult<Output> {
  output: Output
  usage: Usage
}
export interface Usage {
  units: number
  costNanoUsd: NanoUsd
  shadowNanoUsd: NanoUsd
}
