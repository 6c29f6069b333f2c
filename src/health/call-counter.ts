import type { TrafficBatch } from './health.sql.ts'
import { classOf, emptyHistogram } from './latency-histogram.ts'
import type { CallOutcome } from './observed.ts'

/** What this process saw of a provider since it wrote it down last. */
export interface CallCounts extends Omit<TrafficBatch, 'provider' | 'latencies'> {
  faultsInARow: number
  latencies: number[]
  successes: number
  lastFault: string | null
  limitedForMs: number
}

export interface CallCounter {
  /** Whether it was a fault that counts, and the faults in a row by now, on whatever documents. */
  note(provider: string, outcome: CallOutcome): { isNew: boolean; faultsInARow: number }
  noteRetry(provider: string): void
  /** What has been seen and not taken yet. */
  pending(provider: string): CallCounts | undefined
  /** Gives all of it, and begins anew. */
  take(): [provider: string, counts: CallCounts][]
}

/** A document that met a fault counts once within this time. */
const subjectMs = 60_000
/** Shorter waits are the limiter's business: its own queue is no trouble of the provider's. */
const longLimitMs = 120_000

/** Counts calls of this process by provider; a document that fails again and again is one fault, and one call. */
export function createCallCounter(): CallCounter {
  const pending = new Map<string, CallCounts>()
  const guilty = new Map<string, number>()
  /** Since a call to the provider last went well: all faults, and those on different documents. */
  const runs = new Map<string, { all: number; distinct: number }>()
  const countsOf = (provider: string) => {
    const counts = pending.get(provider) ?? nothingYet()
    pending.set(provider, counts)
    return counts
  }
  return {
    note(provider, outcome) {
      const own = countsOf(provider)
      const isNew = outcome.kind === 'fault' && isFirst(guilty, `${provider}/${outcome.subject}`)
      const run = runs.get(provider) ?? { all: 0, distinct: 0 }
      if (outcome.kind === 'answered') runs.delete(provider)
      else if (outcome.kind === 'fault')
        runs.set(provider, { all: run.all + 1, distinct: run.distinct + (isNew ? 1 : 0) })
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
      return { isNew, faultsInARow: runs.get(provider)?.all ?? 0 }
    },
    noteRetry(provider) {
      countsOf(provider).retries++
    },
    pending: provider => pending.get(provider),
    take() {
      const all = [...pending]
      pending.clear()
      return all
    },
  }
}

function nothingYet(): CallCounts {
  const counts = { calls: 0, faults: 0, limited: 0, retries: 0, successes: 0, limitedForMs: 0, faultsInARow: 0 }
  return { ...counts, latencies: emptyHistogram(), lastFault: null }
}

function isFirst(guilty: Map<string, number>, key: string): boolean {
  const now = Date.now()
  if (guilty.size > 10_000) for (const [old, until] of guilty) if (until < now) guilty.delete(old)
  const isKnown = (guilty.get(key) ?? 0) > now
  guilty.set(key, now + subjectMs)
  return !isKnown
}
