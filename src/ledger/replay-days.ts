import type { NanoUsd } from '../contract/money.ts'
import { budgetWindow } from './budget-window.ts'

export interface ReplayDay {
  /** Of the time zone, e.g. 2026-11-01. */
  day: string
  costNanoUsd: NanoUsd
  shadowNanoUsd: NanoUsd
  deferredCalls: number
}

/** Sums by day of a time zone. Times must not go back. */
export interface ReplayDays {
  spend(at: Date, amounts: { costNanoUsd: NanoUsd; shadowNanoUsd: NanoUsd }): void
  defer(at: Date): void
  /** Only days on which something was spent or deferred. */
  list(): ReplayDay[]
}

export function createReplayDays(timeZone: string): ReplayDays {
  const days: ReplayDay[] = []
  let end = new Date(Number.NEGATIVE_INFINITY)
  function dayOf(at: Date): ReplayDay {
    const last = days.at(-1)
    if (last && at < end) return last
    const window = budgetWindow('day', timeZone, at)
    const start = Temporal.Instant.fromEpochMilliseconds(window.start.getTime()).toZonedDateTimeISO(timeZone)
    const day = { day: start.toPlainDate().toString(), costNanoUsd: 0n, shadowNanoUsd: 0n, deferredCalls: 0 }
    end = window.end
    days.push(day)
    return day
  }
  return {
    spend(at, { costNanoUsd, shadowNanoUsd }) {
      const day = dayOf(at)
      day.costNanoUsd += costNanoUsd
      day.shadowNanoUsd += shadowNanoUsd
    },
    defer(at) {
      dayOf(at).deferredCalls++
    },
    list: () => days,
  }
}
