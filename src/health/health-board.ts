import type { ProviderHealth } from '../contract/provider-health.ts'
import { repeat } from '../platform/repeat.ts'
import { createCallCounter } from './call-counter.ts'
import * as healthSql from './health.sql.ts'
import { type BreakerOptions, openIfUnreachable, saveCounts, tryOpen } from './move-breaker.ts'
import type { CallOutcome } from './observed.ts'
import { mayRetry } from './retry-budget.ts'
import { summarizeTraffic } from './summarize-traffic.ts'

/** How all providers are, as all processes see it together; at most a second old. */
export interface HealthBoard {
  note(provider: string, outcome: CallOutcome): void
  /** As far as this process knows; undefined for one that nobody has called yet. */
  of(provider: string): Pick<ProviderHealth, 'state' | 'retryAt' | 'limitedUntil' | 'reason'> | undefined
  /** Those whose breaker is open. */
  ill(): string[]
  /** Whether a call may go now: a provider that has just come back gets a few only, of all processes together. */
  admits(provider: string): Promise<boolean>
  /** Whether a call that has failed before may be made again now; if so, it is counted. */
  takeRetry(provider: string): boolean
  list(): Promise<ProviderHealth[]>
  /** Writes down what is not yet, and reads what others saw. */
  refresh(): Promise<void>
  stop(): Promise<void>
}

export interface HealthBoardOptions extends BreakerOptions {
  onError(error: unknown): void
}

const refreshEveryMs = 500
/** After so many faults in a row, on whatever documents, a free probe shows whether the provider is there at all; not more often than that. */
const suspectAfter = 3
const suspectEveryMs = 2_000

export function createHealthBoard(options: HealthBoardOptions): HealthBoard {
  const { database, onError } = options
  const counter = createCallCounter()
  const suspected = new Set<string>()
  let rows = new Map<string, healthSql.HealthRow>()
  let writing = Promise.resolve()
  const stop = new AbortController()

  const write = () => {
    writing = writing
      .then(async () => {
        for (const [provider, counts] of counter.take()) await saveCounts(options, provider, counts)
      })
      .then(read)
    return writing
  }
  const read = async () => {
    rows = new Map((await healthSql.readBreakers(database)).map(row => [row.provider, row]))
  }
  const suspect = async (provider: string, reason: string | null) => {
    if (suspected.has(provider) || stop.signal.aborted) return
    suspected.add(provider)
    try {
      if (await openIfUnreachable(options, provider, reason, stop.signal)) await read()
    } finally {
      setTimeout(() => suspected.delete(provider), suspectEveryMs).unref()
    }
  }
  const ill = () => [...rows.values()].flatMap(({ provider, state }) => (state === 'open' ? [provider] : []))
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
      if (ill().length === 0) return
      for (const provider of await healthSql.takeDueProbes(database)) await tryOpen(options, provider, stop.signal)
    },
    refreshEveryMs,
    onError,
  )
  return {
    note(provider, outcome) {
      const { isNew, faultsInARow } = counter.note(provider, outcome)
      const state = rows.get(provider)?.state ?? 'closed'
      if (state === 'closed' && faultsInARow >= suspectAfter) void suspect(provider, outcome.reason).catch(onError)
      if (isNew || state === 'half_open' || (counter.pending(provider)?.limitedForMs ?? 0) > 0) writeSoon()
    },
    of(provider) {
      const row = rows.get(provider)
      return row && viewOf(row)
    },
    ill,
    async admits(provider) {
      const row = rows.get(provider)
      return row?.state !== 'half_open' || (await healthSql.takeTrial(database, provider, row.successes))
    },
    takeRetry(provider) {
      const [written, pending] = [rows.get(provider), counter.pending(provider)]
      const calls = (written?.windowCalls ?? 0) + (pending?.calls ?? 0)
      const retries = (written?.windowRetries ?? 0) + (pending?.retries ?? 0)
      if (!mayRetry({ calls, retries })) return false
      counter.noteRetry(provider)
      return true
    },
    async list() {
      await write()
      const traffic = new Map((await healthSql.readTraffic(database)).map(row => [row.provider, row]))
      const names = [...new Set([...rows.keys(), ...traffic.keys()])].toSorted()
      return names.map(provider => ({
        provider,
        ...(rows.has(provider) ? viewOf(rows.get(provider) as healthSql.HealthRow) : unknownYet),
        ...summarizeTraffic(traffic.get(provider)),
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

const unknownYet = { state: 'closed', since: null, retryAt: null, limitedUntil: null, reason: null } as const

function viewOf({ state, since, retryAt, limitedUntil, reason }: healthSql.HealthRow) {
  const text = (date: Date | null) => date?.toISOString() ?? null
  return { state, since: text(since), retryAt: text(retryAt), limitedUntil: text(limitedUntil), reason }
}
