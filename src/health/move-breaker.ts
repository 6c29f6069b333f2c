import type { ProviderHealth } from '../contract/provider-health.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import type { CallCounts } from './call-counter.ts'
import * as healthSql from './health.sql.ts'
import { afterFailedProbe, afterProbe, type Breaker, nextBreaker } from './next-breaker.ts'

export interface BreakerOptions {
  database: Database<Tables>
  /** Asks an ill provider something that costs nothing; rejects where it does not answer. Undefined: it is tried with a call instead. */
  probeOf(provider: string): ((signal: AbortSignal) => Promise<void>) | undefined
  /** Called when a provider has been opened, closed or half opened by this process. */
  onChange(provider: string, state: ProviderHealth['state'], reason: string | null): void
}

const probeTimeoutMs = 5_000

/** Writes down what was seen of a provider, and moves its breaker by it. */
export async function saveCounts(options: BreakerOptions, provider: string, counts: CallCounts): Promise<void> {
  const { successes: batchSuccesses, faults: batchFaults, faultsInARow, lastFault } = counts
  const change = await options.database.transaction(async session => {
    await healthSql.addTraffic(session, { provider, ...counts })
    if (counts.limitedForMs > 0) await healthSql.setLimited(session, provider, counts.limitedForMs)
    return await moveBreaker(session, provider, ({ breaker, nowMs, windowCalls, windowFaults }) =>
      nextBreaker(breaker, { windowCalls, windowFaults, batchSuccesses, batchFaults, faultsInARow, lastFault }, nowMs),
    )
  })
  if (change) options.onChange(provider, change.state, change.reason)
}

/** Opens a closed breaker where not even a free probe is answered; whether it was. */
export async function openIfUnreachable(
  options: BreakerOptions,
  provider: string,
  reason: string | null,
  stopping: AbortSignal,
): Promise<boolean> {
  const ask = options.probeOf(provider)
  if (!ask || (await isReachable(ask, stopping))) return false
  const opened = await options.database.transaction(session =>
    moveBreaker(session, provider, ({ breaker, nowMs }) => afterFailedProbe(breaker, reason, nowMs)),
  )
  if (opened) options.onChange(provider, opened.state, opened.reason)
  return true
}

/** Tries an open one: half open if it answers, or without a probe; open for longer if it does not. */
export async function tryOpen(options: BreakerOptions, provider: string, stopping: AbortSignal): Promise<void> {
  const ask = options.probeOf(provider)
  const isThere = !ask || (await isReachable(ask, stopping))
  if (stopping.aborted) return
  await options.database.transaction(session =>
    moveBreaker(session, provider, ({ breaker, nowMs }) => afterProbe(breaker, isThere, nowMs)),
  )
  if (isThere) options.onChange(provider, 'half_open', null)
}

type LockedBreaker = Awaited<ReturnType<typeof healthSql.lockBreaker>>

/** Moves a provider's breaker, one process at a time; what it is now, or null if its state is what it was. */
async function moveBreaker(
  session: Session<Tables>,
  provider: string,
  nextOf: (locked: LockedBreaker) => Breaker,
): Promise<Breaker | null> {
  const locked = await healthSql.lockBreaker(session, provider)
  const next = nextOf(locked)
  if (next === locked.breaker) return null
  await healthSql.saveBreaker(session, provider, next)
  return next.state === locked.breaker.state ? null : next
}

async function isReachable(ask: (signal: AbortSignal) => Promise<void>, stopping: AbortSignal): Promise<boolean> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(probeTimeoutMs)])
  return await ask(signal).then(
    () => true,
    () => false,
  )
}
