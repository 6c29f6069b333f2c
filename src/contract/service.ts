import type { NanoUsd } from './money.ts'

/**
 * The one shape of every service that can cost money. `quote` says the most that the call can cost;
 * `call` does it. Metering, limits and routing are decorators of this shape; stages know nothing of them.
 */
export interface Service<Input, Output> {
  /** Null: known only after the call, which must be free then. */
  quote(input: Input): Quote | null
  /** What so many units cost now. */
  price(units: number): Quote
  call(input: Input, options: CallOptions): Promise<ServiceResult<Output>>
  /**
   * Asks the provider what became of an earlier call for the same input whose answer was lost; for providers that can tell. Gives
   * its result, `not_charged` when the provider knows nothing of it, or `unknown` when that cannot be said yet.
   */
  find?(input: Input, callId: string, options: CallOptions): Promise<ServiceResult<Output> | 'not_charged' | 'unknown'>
}

/** `callId` names the call to providers that keep such names, so that `find` can ask for it later. */
export interface CallOptions {
  signal: AbortSignal
  callId?: string
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
export type Usage = Quote
