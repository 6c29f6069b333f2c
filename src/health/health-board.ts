import type { ProviderHealth } from '../contract/provider-health.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import * as healthSql from './health.sql.ts'
import { classOf, emptyHistogram, percentile } from './latency-histogram.ts'
import { afterFailedProbe, afterProbe, type Breaker, nextBreaker } from './next-breaker.ts'
import type { CallOutcome } from './observed.ts'

/** How all providers are, as all processes see it together; at most a second old. */
export interface HealthBoard {
  note(provider: string, outcome: CallOutcome): void
  /** As far as this process knows; undefined for one that nobody has called yet. */
  of(provider: string): Pick<ProviderHealth, 'state' | 'retryAt' | 'limitedUntil' | 'reason'> | undefined
  /** Whether a call may go now: a provider that has just come back gets a few only, of all processes together. */
  admits(provider: string): Promise<boolean>
  list(): Promise<ProviderHealth[]>
  /** Writes down what is not yet, and reads what others saw. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

export interface HealthBoardOptions {
  database: Database<Tables>
  /** Asks an ill provider something that costs nothing; rejects where it does not answer. Undefined: it is tried with a call instead. */
  probeOf(provider: string): ((signal: AbortSignal) => Promise<void>) | undefined
  onError(error: unknown): void
  /** Called when a provider has been opened, closed or half opened by this process. */
  onChange(provider: string, state: ProviderHealth['state'], reason: string | null): void
}

interface Pending extends Omit<healthSql.TrafficBatch, 'provider' | 'latencies'> {
  faultsInARow: number
  latencies: number[]
  successes: number
  lastFault: string | null
  limitedForMs: number
}

const refreshEveryMs = 500
const probeTimeoutMs = 5_000
/** After so many faults in a row, on whatever documents, a free probe shows whether the provider is there at all; not more often than that. */
const suspectAfter = 3
const suspectEveryMs = 2_000
/** A document that met a fault counts once within this time. */
const subjectMs = 60_000
/** Shorter waits are the limiter's business: its own queue is no trouble of the provider's. */
const longLimitMs = 120_000

export function createHealthBoard(options: HealthBoardOptions): HealthBoard {
  const { database, onError } = options
  const pending = new Map<string, Pending>()
  const guilty = new Map<string, number>()
  /** Since a call to the provider last went well: all faults, and those on different documents. */
  const runs = new Map<string, { all: number; distinct: number }>()
  const suspected = new Set<string>()
  let rows = new Map<string, healthSql.HealthRow>()
  let writing = Promise.resolve()
  const stop = new AbortController()

  const write = () => {
    writing = writing.then(() => flush(options, pending)).then(read)
    return writing
  }
  const read = async () => {
    rows = new Map((await healthSql.readBreakers(database)).map(row => [row.provider, row]))
  }
  const suspect = async (provider: string, reason: string | null) => {
    const ask = options.probeOf(provider)
    if (!ask || suspected.has(provider) || stop.signal.aborted) return
    suspected.add(provider)
    try {
      if (await isReachable(ask, stop.signal)) return
      await openUnreachable(options, provider, reason)
      await read()
    } finally {
      setTimeout(() => suspected.delete(provider), suspectEveryMs).unref()
    }
  }
  let soon = false
  const writeSoon = () => {
    if (soon) return
    soon = true
    setTimeout(() => {
      soon = false
      if (!stop.signal.aborted) write().catch(onError)
    }, 20).unref()
  }
  const timer = repeat(
    async () => {
      await write()
      for (const provider of await healthSql.takeDueProbes(database)) await probe(options, provider, stop.signal)
    },
    refreshEveryMs,
    onError,
  )
  return {
    note(provider, outcome) {
      const own = pending.get(provider) ?? nothingYet()
      pending.set(provider, own)
      const isNew = outcome.kind === 'fault' && isFirst(guilty, `${provider}/${outcome.subject}`)
      const run = runs.get(provider) ?? { all: 0, distinct: 0 }
      if (outcome.kind === 'answered') runs.delete(provider)
      else if (outcome.kind === 'fault')
        runs.set(provider, { all: run.all + 1, distinct: run.distinct + (isNew ? 1 : 0) })
      // A document that fails again and again is one fault, and one call.
      own.calls += outcome.kind === 'fault' && !isNew ? 0 : 1
      own.faults += isNew ? 1 : 0
      own.faultsInARow = runs.get(provider)?.distinct ?? 0
      own.successes += outcome.kind === 'answered' ? 1 : 0
      own.limited += outcome.kind === 'limited' ? 1 : 0
      if (outcome.kind === 'answered') {
        const index = classOf(outcome.latencyMs)
        own.latencies[index] = (own.latencies[index] ?? 0) + 1
      }
      if (isNew) own.lastFault = outcome.reason
      if ((outcome.retryAfterMs ?? 0) >= longLimitMs) own.limitedForMs = outcome.retryAfterMs ?? 0
      const isTrial = rows.get(provider)?.state === 'half_open'
      const isWell = (rows.get(provider)?.state ?? 'closed') === 'closed'
      if (isWell && (runs.get(provider)?.all ?? 0) >= suspectAfter)
        void suspect(provider, outcome.reason).catch(onError)
      if (isNew || isTrial || own.limitedForMs > 0) writeSoon()
    },
    of(provider) {
      const row = rows.get(provider)
      return row && viewOf(row)
    },
    async admits(provider) {
      const row = rows.get(provider)
      return row?.state !== 'half_open' || (await healthSql.takeTrial(database, provider, row.successes))
    },
    async list() {
      await write()
      const traffic = new Map((await healthSql.readTraffic(database)).map(row => [row.provider, row]))
      const names = [...new Set([...rows.keys(), ...traffic.keys()])].toSorted()
      return names.map(provider => ({
        provider,
        ...(rows.has(provider) ? viewOf(rows.get(provider) as healthSql.HealthRow) : unknownYet),
        ...countsOf(traffic.get(provider)),
      }))
    },
    refresh: write,
    async stop() {
      stop.abort()
      await timer.stop()
      await write().catch(onError)
    },
  }
}

function nothingYet(): Pending {
  const counts = { calls: 0, faults: 0, limited: 0, successes: 0, limitedForMs: 0, faultsInARow: 0 }
  return { ...counts, latencies: emptyHistogram(), lastFault: null }
}

function isFirst(guilty: Map<string, number>, key: string): boolean {
  const now = Date.now()
  if (guilty.size > 10_000) for (const [old, until] of guilty) if (until < now) guilty.delete(old)
  const isKnown = (guilty.get(key) ?? 0) > now
  guilty.set(key, now + subjectMs)
  return !isKnown
}

async function flush(options: HealthBoardOptions, pending: Map<string, Pending>): Promise<void> {
  for (const [provider, batch] of [...pending]) {
    pending.delete(provider)
    const { successes: batchSuccesses, faults: batchFaults, faultsInARow, lastFault } = batch
    const change = await options.database.transaction(async session => {
      await healthSql.addTraffic(session, { provider, ...batch })
      if (batch.limitedForMs > 0) await healthSql.setLimited(session, provider, batch.limitedForMs)
      return await moveBreaker(session, provider, ({ breaker, nowMs, windowCalls, windowFaults }) =>
        nextBreaker(
          breaker,
          { windowCalls, windowFaults, batchSuccesses, batchFaults, faultsInARow, lastFault },
          nowMs,
        ),
      )
    })
    if (change) options.onChange(provider, change.state, change.reason)
  }
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

type Ask = (signal: AbortSignal) => Promise<void>

async function isReachable(ask: Ask, stopping: AbortSignal): Promise<boolean> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(probeTimeoutMs)])
  return await ask(signal).then(
    () => true,
    () => false,
  )
}

async function openUnreachable(options: HealthBoardOptions, provider: string, reason: string | null): Promise<void> {
  const opened = await options.database.transaction(session =>
    moveBreaker(session, provider, ({ breaker, nowMs }) => afterFailedProbe(breaker, reason, nowMs)),
  )
  if (opened) options.onChange(provider, opened.state, opened.reason)
}

async function probe(options: HealthBoardOptions, provider: string, stopping: AbortSignal): Promise<void> {
  const ask = options.probeOf(provider)
  const isThere = !ask || (await isReachable(ask, stopping))
  if (stopping.aborted) return
  await options.database.transaction(session =>
    moveBreaker(session, provider, ({ breaker, nowMs }) => afterProbe(breaker, isThere, nowMs)),
  )
  if (isThere) options.onChange(provider, 'half_open', null)
}

const unknownYet = { state: 'closed', since: null, retryAt: null, limitedUntil: null, reason: null } as const

function viewOf({ state, since, retryAt, limitedUntil, reason }: healthSql.HealthRow) {
  const text = (date: Date | null) => date?.toISOString() ?? null
  return { state, since: text(since), retryAt: text(retryAt), limitedUntil: text(limitedUntil), reason }
}

function countsOf(
  row: healthSql.TrafficRow | undefined,
): Pick<ProviderHealth, 'calls' | 'faults' | 'limited' | 'latencyMs'> {
  if (!row) return { calls: 0, faults: 0, limited: 0, latencyMs: null }
  const { calls, faults, limited, latencies } = row
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(share => percentile(latencies ?? [], share))
  const known = p50 !== null && p50 !== undefined
  return { calls, faults, limited, latencyMs: known ? { p50, p95: p95 ?? p50, p99: p99 ?? p50 } : null }
}
