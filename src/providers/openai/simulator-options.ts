import type { NanoUsd } from '../../contract/money.ts'
import type { PriceUnits } from '../../contract/price-list.ts'
import type { BatchTiming } from './simulator-batch.ts'
import type { DecodeTokens } from './simulator-embeddings.ts'
import type { RandomFaults } from './simulator-faults.ts'
import type { RateLimits } from './simulator-rate-limit.ts'

export interface OpenAiSimulatorOptions {
  countTokens(text: string): number
  /** Gives token arrays the vector of their text; without it they have one that is not near it. */
  decodeTokens?: DecodeTokens
  /** What the bill says: each request is rounded up by itself. Batches cost half of it. */
  price: PriceUnits
  /** Milliseconds of any clock that only goes forward; the rate limits count with it. */
  nowMs(): number
  /** The only key that is accepted; without it, any key is. */
  apiKey?: string
  /** The only key that may read usage and costs; without it, any key that begins with `sk-admin-` may. */
  adminKey?: string
  /** The clock of files and batches, and what charges are dated with in the reports; that of the machine if not given. */
  now?(): Date
  /** How long after a charge the reports begin to show it; at once if not given. */
  usageDelayMs?: number
  /** How long each answer takes at least. */
  latencyMs?: number
  /** Per model and minute. So high if not given that nothing meets them. */
  limits?: RateLimits
  /** How long the states of a batch take; a second or so for a small one if not given. */
  batchTiming?: BatchTiming
  /** How many tokens of one model may wait in batches; endless if not given. The real limit depends on model and account. */
  maxEnqueuedTokens?: number
  randomFaults?: RandomFaults
}

/** Requests for reports, files and batches are not counted; what batches embed is. `inputs`, `tokens` and `chargedNanoUsd` count what the real service would have put on the bill, answered or not. */
export interface OpenAiSimulatorCounters {
  requests: number
  inputs: number
  tokens: number
  chargedNanoUsd: NanoUsd
}
