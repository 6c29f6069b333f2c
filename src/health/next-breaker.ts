import type { BreakerState } from '../contract/provider-health.ts'

/** A provider's breaker. Times are milliseconds since 1970. `opened` counts how often in a row it was opened. */
export interface Breaker {
  state: BreakerState
  sinceMs: number
  retryAtMs: number | null
  opened: number
  /** Calls that went well since it is half open. */
  successes: number
  reason: string | null
}

/** What all processes saw lately: calls and faults within the window, and in this batch. */
export interface Seen {
  windowCalls: number
  windowFaults: number
  batchSuccesses: number
  batchFaults: number
  /** Faults on different documents since a call last went well. */
  faultsInARow: number
  lastFault: string | null
}

export const windowMs = 30_000
/** So many documents must have met a fault, and so large a part of the calls. */
export const tripFaults = 5
const tripShare = 0.5
const firstOpenMs = 5_000
const longestOpenMs = 15_000
/** So many good calls in a row close it. */
export const closeAfter = 5

/**
 * The breaker after another batch of calls. It opens when most calls fail, for longer each time; half open it lets a trickle through,
 * and one fault opens it again. Pure.
 */
export function nextBreaker(breaker: Breaker, seen: Seen, nowMs: number): Breaker {
  if (breaker.state === 'closed') {
    const { windowCalls: calls, windowFaults: faults, faultsInARow } = seen
    if (seen.batchFaults === 0) return breaker
    if (faultsInARow >= tripFaults) return open(breaker, nowMs, `${faultsInARow} calls in a row failed${lastly(seen)}`)
    if (faults < tripFaults || faults < tripShare * calls) return breaker
    return open(breaker, nowMs, `${faults} of ${calls} calls failed within ${windowMs / 1000} s${lastly(seen)}`)
  }
  if (breaker.state === 'open') return breaker
  if (seen.batchFaults > 0) return open(breaker, nowMs, `it failed again when it was tried${lastly(seen)}`)
  const successes = breaker.successes + seen.batchSuccesses
  if (successes < closeAfter) return { ...breaker, successes }
  return { state: 'closed', sinceMs: nowMs, retryAtMs: null, opened: 0, successes: 0, reason: null }
}

/** When calls fail in a row and not even a free probe is answered, it is not a document's fault. */
export function afterFailedProbe(breaker: Breaker, lastFault: string | null, nowMs: number): Breaker {
  if (breaker.state !== 'closed') return breaker
  return open(breaker, nowMs, `it cannot be reached${lastly({ lastFault })}`)
}

/** After a free probe of an open one. */
export function afterProbe(breaker: Breaker, isReachable: boolean, nowMs: number): Breaker {
  if (breaker.state !== 'open') return breaker
  if (isReachable) return { ...breaker, state: 'half_open', sinceMs: nowMs, retryAtMs: null, successes: 0 }
  return { ...breaker, opened: breaker.opened + 1, retryAtMs: nowMs + openMs(breaker.opened + 1) }
}

/** How many calls a second go through while it is half open: more with each that went well. */
export function trialsPerSecond(successes: number): number {
  return 1 + 2 * successes
}

function open(breaker: Breaker, nowMs: number, reason: string): Breaker {
  const opened = breaker.opened + 1
  return { state: 'open', sinceMs: nowMs, retryAtMs: nowMs + openMs(opened), opened, successes: 0, reason }
}

function openMs(opened: number): number {
  return Math.min(longestOpenMs, firstOpenMs * 1.5 ** (opened - 1))
}

function lastly({ lastFault }: Pick<Seen, 'lastFault'>): string {
  return lastFault === null ? '' : `, lastly: ${lastFault}`
}
