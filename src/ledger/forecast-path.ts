import type { NanoUsd } from '../contract/money.ts'
import { forecastDays } from './forecast-days.ts'
import type { PastForecasts } from './forecast-interval.ts'

export interface ForecastInput {
  /** Complete past days in the window's time zone without a gap, oldest first; they may begin long before the window. */
  spent: readonly { nanoUsd: NanoUsd }[]
  spentToday: { nanoUsd: NanoUsd; fractionOfDay: number }
  /** Whole days of the window after today; 0 for a window that ends today. At most 366 are looked at. */
  daysLeft: number
  /** All that counts in the window until now, with what of it was spent today. */
  spentInWindow: NanoUsd
  /** How much of a day is left of a window that ends before midnight, e.g. 1/48 for half an hour; by default the rest of today. */
  fractionLeft?: number
}

/** What is expected from now to the window's end, in nano-dollars as floats: none is negative, infinite or NaN. */
export interface SpendingPath {
  /** The past days it is based on. */
  known: number[]
  /** In the next `fractionLeft` of a day. */
  today: number
  fractionLeft: number
  /** In each whole day after today. */
  later: number[]
  past: PastForecasts
}

const mostDaysLeft = 366
const mostDaysKnown = 182
const leastFractionElapsed = 1 / 24
const daysOfTrustInUsual = 0.5
const leastIdleDays = 1
const mostNanoUsd = 1e24

/**
 * The rest of today is the middle of two views: today ends like a usual day, or goes on at its own rate (mixed with the usual one
 * while today is young). Without any spend on past days, all goes on at the rate of today.
 */
export function expectedPath(input: ForecastInput): SpendingPath {
  const known = knownDays(input.spent)
  const spent = toNumber(input.spentToday.nanoUsd)
  const elapsed = clamp(0, input.spentToday.fractionOfDay, 1)
  const fractionLeft = clamp(0, input.fractionLeft ?? 1 - elapsed, 1 - elapsed)
  const daysLeft = Math.floor(clamp(0, input.daysLeft, mostDaysLeft))
  if (known.length === 0) {
    const rate = spent / Math.max(elapsed, leastFractionElapsed) / (1 + Math.min(leastIdleDays, input.spent.length))
    const later = Array.from({ length: daysLeft }, () => rate)
    return { known, today: rate * fractionLeft, fractionLeft, later, past: { span: 1, ofDay: [], ofSpan: [] } }
  }
  const { days, past } = forecastDays(known, daysLeft + 1)
  const usual = days[0] ?? 0
  const asUsual = elapsed < 1 ? (Math.max(0, usual - spent) * fractionLeft) / (1 - elapsed) : 0
  const atRate = ((daysOfTrustInUsual * usual + spent) / (daysOfTrustInUsual + elapsed)) * fractionLeft
  return { known, today: (asUsual + atRate) / 2, fractionLeft, later: days.slice(1), past }
}

/**
 * Since the first spend, and before it one idle day, or as many as the longest pause afterwards, since otherwise rare spending would seem
 * frequent at first. Floats: they keep 16 digits, far more than a forecast knows. Corrections below 0 count as 0.
 */
function knownDays(spent: ForecastInput['spent']): number[] {
  const days = spent.slice(-mostDaysKnown).map(({ nanoUsd }) => toNumber(nanoUsd))
  const first = days.findIndex(day => day > 0)
  return first < 0 ? [] : days.slice(Math.max(0, first - Math.max(leastIdleDays, longestPause(days.slice(first)))))
}

/** The most days in a row without spend. */
function longestPause(days: readonly number[]): number {
  let pause = 0
  let longest = 0
  for (const day of days) {
    pause = day > 0 ? 0 : pause + 1
    longest = Math.max(longest, pause)
  }
  return longest
}

function toNumber(amount: NanoUsd): number {
  return clamp(0, Number(amount), mostNanoUsd)
}

/** NaN counts as the least. */
function clamp(least: number, value: number, most: number): number {
  return value > least ? Math.min(value, most) : least
}
