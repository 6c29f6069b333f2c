import type { BudgetForecast, WindowForecast } from '../contract/forecast.ts'
import type { NanoUsd } from '../contract/money.ts'
import { type BudgetWindow, budgetWindow } from './budget-window.ts'
import { daysUntilCap, type Forecast, forecast } from './forecast.ts'
import { expectedPath, type ForecastInput } from './forecast-path.ts'

/** Which past is read: the first moments of up to 182 past days and of today, oldest first. */
export interface HistoryBounds {
  dayStarts: readonly Date[]
  endOfToday: Date
}

/** What is known of a window: what each day of the bounds has spent, today as the last, and the window until now. */
export interface KnownSpending {
  bounds: HistoryBounds
  window: BudgetWindow
  now: Date
  days: readonly NanoUsd[]
  inWindow: NanoUsd
}

const dayMs = 86_400_000
const daysOfHistory = 182

/** The days before `now` in a time zone, each 23 to 25 hours long where the clocks change. */
export function historyBounds(timeZone: string, now: Date): HistoryBounds {
  const today = budgetWindow('day', timeZone, now)
  const dayStarts = [today.start]
  for (let i = 0; i < daysOfHistory; i++) {
    const [first = today.start] = dayStarts
    dayStarts.unshift(budgetWindow('day', timeZone, new Date(first.getTime() - 1)).start)
  }
  return { dayStarts, endOfToday: today.end }
}

/**
 * The forecast to the window's end. Without a past day that had spend there is no interval, and without spend today either nothing
 * is expected: a number would be made up.
 */
export function forecastWindow(known: KnownSpending): WindowForecast {
  return describe(known, forecast(toInput(known)))
}

function describe(known: KnownSpending, found: Forecast): WindowForecast {
  const isKnown = found.method !== 'nothing known'
  const hasHistory = found.days > 0
  return {
    windowStart: known.window.start.toISOString(),
    windowEnd: known.window.end.toISOString(),
    spentNanoUsd: String(known.inWindow),
    expectedNanoUsd: isKnown ? String(found.expectedNanoUsd) : null,
    lowNanoUsd: hasHistory ? String(found.lowNanoUsd) : null,
    highNanoUsd: hasHistory ? String(found.highNanoUsd) : null,
    confidencePercent: 80,
    method: found.method,
    historyDays: found.days,
  }
}

/** When the window's spending reaches the cap, and whether it is expected to go beyond. */
export function forecastCap(
  known: KnownSpending,
  capNanoUsd: NanoUsd,
): WindowForecast & Pick<BudgetForecast, 'expectedExhaustionAt' | 'exceedsCap'> {
  const input = toInput(known)
  const path = expectedPath(input)
  const found = describe(known, forecast(input, path))
  if (found.expectedNanoUsd === null) return { ...found, expectedExhaustionAt: null, exceedsCap: null }
  const days = daysUntilCap(input, capNanoUsd, path)
  const at = days === null ? null : Math.min(known.now.getTime() + days * dayMs, known.window.end.getTime())
  return {
    ...found,
    expectedExhaustionAt: at === null ? null : new Date(at).toISOString(),
    exceedsCap: BigInt(found.expectedNanoUsd) > capNanoUsd,
  }
}

function toInput({ bounds, window, now, days, inWindow }: KnownSpending): ForecastInput {
  const start = bounds.dayStarts.at(-1) ?? now
  const lengthMs = bounds.endOfToday.getTime() - start.getTime()
  const endsToday = window.end <= bounds.endOfToday
  return {
    spent: days.slice(0, -1).map(nanoUsd => ({ nanoUsd })),
    spentToday: { nanoUsd: days.at(-1) ?? 0n, fractionOfDay: (now.getTime() - start.getTime()) / lengthMs },
    daysLeft: endsToday ? 0 : Math.round((window.end.getTime() - bounds.endOfToday.getTime()) / dayMs),
    spentInWindow: inWindow,
    ...(endsToday && { fractionLeft: (window.end.getTime() - now.getTime()) / lengthMs }),
  }
}
