import type { PastForecasts } from './forecast-interval.ts'
import { continueLevel, followLevel, type LevelFollower } from './forecast-level.ts'
import { weekdayProfile } from './forecast-profile.ts'
import { findShift } from './forecast-shift.ts'
import { meanOf, sumOf } from './forecast-statistics.ts'

/** `trust` is the weight before anything is known of how they do. */
const followers: readonly (LevelFollower & { trust: number })[] = [
  { gain: 0, trend: false, trust: 0.3 },
  { gain: 0.05, trend: false, trust: 0.6 },
  { gain: 0.12, trend: false, trust: 1 },
  { gain: 0.3, trend: false, trust: 1 },
  { gain: 0.08, trend: true, trust: 1 },
  { gain: 0.2, trend: true, trust: 1.5 },
]
const leastDays = 4
const mostOrigins = 42
const longestSpan = 14
const fewOrigins = 7

/** Each of the next days, and how forecasts would have done in the past. */
interface DaysForecast {
  days: readonly number[]
  past: PastForecasts
}

/** What the followers said at a past day, of that day and of the whole span, and what was true. */
interface Trial {
  ofDay: number[]
  ofSpan: number[]
  actualDay: number
  actualSpan: number
}

/**
 * Forecasts the `count` days (≥ 1) after `days` (not empty, none negative). It is a combination of ways to follow the level,
 * each weighted by how well it would have forecast the past from what was known then: averages of simple forecasts beat
 * choosing one (Bates and Granger 1969, and each of the M competitions).
 */
export function forecastDays(days: readonly number[], count: number): DaysForecast {
  const key = `${count} ${days.join()}`
  const found = remembered.get(key) ?? computeForecast(days, count)
  // The one that was not asked for longest goes first.
  remembered.delete(key)
  remembered.set(key, found)
  if (remembered.size > mostRemembered) for (const oldest of remembered.keys().take(1)) remembered.delete(oldest)
  return found
}

/** Past days stay as they are until midnight, and what follows from them takes milliseconds. */
const remembered = new Map<string, DaysForecast>()
const mostRemembered = 200

function computeForecast(days: readonly number[], count: number): DaysForecast {
  const span = Math.max(1, Math.min(count, longestSpan, Math.floor(days.length / 3)))
  const trials = tryPast(days, span)
  const shares = shareOut(trials)
  const combine = (values: readonly number[]) => sumOf(values.map((value, i) => value * (shares[i] ?? 0)))
  const paths = predictAll(days, count)
  return {
    days: Array.from({ length: count }, (_, k) => combine(paths.map(path => path[k] ?? 0))),
    past: {
      span,
      ofDay: trials.map(({ ofDay, actualDay }) => ({ expected: combine(ofDay), actual: actualDay })),
      ofSpan: trials.map(({ ofSpan, actualSpan }) => ({ expected: combine(ofSpan), actual: actualSpan })),
    },
  }
}

function predictAll(days: readonly number[], count: number): number[][] {
  const weights = weekdayProfile(days)
  const shift = findShift(days, weights)
  const since = days.slice(shift)
  const turned = weights.map((_, i) => weights[(i + shift) % 7] ?? 1)
  return followers.map(how => continueLevel(followLevel(since, turned, how), turned, since.length, count))
}

function tryPast(days: readonly number[], span: number): Trial[] {
  const last = days.length - span
  const first = Math.max(leastDays, last - mostOrigins + 1)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const paths = predictAll(days.slice(0, first + i), span)
    const actual = days.slice(first + i, first + i + span)
    return {
      ofDay: paths.map(path => path[0] ?? 0),
      ofSpan: paths.map(sumOf),
      actualDay: actual[0] ?? 0,
      actualSpan: sumOf(actual),
    }
  })
}

/** Shares that add up to 1: trust by the inverse cube of the mean squared error, which counts less while there are few trials. */
function shareOut(trials: readonly Trial[]): number[] {
  const squares = followers.map((_, i) =>
    meanOf(trials.map(({ ofSpan, actualSpan }) => ((ofSpan[i] ?? 0) - actualSpan) ** 2)),
  )
  const typical = meanOf(squares) || 1
  const softened = trials.length < fewOrigins ? 1 : 0.1
  const raw = followers.map(({ trust }, i) => trust / ((squares[i] ?? 0) / typical + softened) ** 3)
  const total = sumOf(raw)
  return raw.map(share => share / total)
}
