/** Calls to a provider within the window of its breaker, of all processes; `retries` are part of them. */
export interface RetryTraffic {
  calls: number
  retries: number
}

/** So many are always allowed, one a second, so that a quiet service can try again. */
export const retryFloor = 30
/** Beyond them, for so large a part of the other calls. */
export const retryShare = 0.2

/**
 * Whether a call that failed before may be made again now: a provider in trouble is not asked much more often than a healthy one. After
 * Beyer et al., "Site Reliability Engineering" (2016), chapter 21, and Finagle's RetryBudget. Pure.
 */
export function mayRetry({ calls, retries }: RetryTraffic): boolean {
  return retries < retryFloor + retryShare * Math.max(0, calls - retries)
}
