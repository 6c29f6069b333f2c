import type { NanoUsd } from '../contract/money.ts'
import { spreadInterval } from './forecast-interval.ts'
import { expectedPath, type ForecastInput, type SpendingPath } from './forecast-path.ts'
import { sumOf } from './forecast-statistics.ts'

/** What will have been spent at a window's end; low ≤ expected ≤ high, and none is less than what is spent already. */
export interface Forecast {
  method: 'nothing known' | 'rate of today' | 'recent level' | 'recent level and weekdays'
  expectedNanoUsd: NanoUsd
  /** With `highNanoUsd` the interval that holds four times in five. Without any spend to learn from both are what is spent. */
  lowNanoUsd: NanoUsd
  highNanoUsd: NanoUsd
  confidence: 0.8
  /** How many past days it is based on: those since the first spend, at most 182. */
  days: number
}

const daysForWeekdays = 14

/**
 * Forecasts a window's total. What is spent is added exactly; the rest is statistics on floats. `method` says what it rests on: from
 * 14 days on weekday weights times a level, with fewer the level alone, with none the rate of today. Accuracy and
 * coverage are measured by bench/forecast.bench.ts. The same input gives the same output. `path`: that of the input, where it is known.
 */
export function forecast(input: ForecastInput, path: SpendingPath = expectedPath(input)): Forecast {
  const rest = path.today + sumOf(path.later)
  const horizonDays = path.fractionLeft + path.later.length
  const { low, high } = spreadInterval(rest, horizonDays, path.known, path.past)
  const add = (amount: number) => input.spentInWindow + BigInt(Math.round(amount))
  return {
    method: describeMethod(path, input.spentToday.nanoUsd),
    expectedNanoUsd: add(rest),
    lowNanoUsd: add(low),
    highNanoUsd: add(high),
    confidence: 0.8,
    days: path.known.length,
  }
}

/**
 * After how many days from now, in expectation, the window's total reaches the cap: 0 when it has, null when it does not before the
 * window ends. Spending is taken as even within a day.
 */
export function daysUntilCap(
  input: ForecastInput,
  capNanoUsd: NanoUsd,
  path: SpendingPath = expectedPath(input),
): number | null {
  let room = Number(capNanoUsd - input.spentInWindow)
  if (room <= 0) return 0
  const { today, fractionLeft, later } = path
  let elapsedDays = 0
  for (const [amount, length] of [[today, fractionLeft] as const, ...later.map(day => [day, 1] as const)]) {
    if (amount >= room) return elapsedDays + (room / amount) * length
    room -= amount
    elapsedDays += length
  }
  return null
}

function describeMethod({ known }: SpendingPath, spentToday: NanoUsd): Forecast['method'] {
  if (known.length >= daysForWeekdays) return 'recent level and weekdays'
  if (known.length > 0) return 'recent level'
  return spentToday > 0n ? 'rate of today' : 'nothing known'
}
