import { meanOf, varianceOf } from './forecast-statistics.ts'

const weeksRemembered = 10

/**
 * The weight of each weekday, 1 in the mean; the index is that of a day in `days`, modulo 7. From ratios to the mean of the day's own
 * week, so that growth does not tilt it, and shrunk towards a flat one by how far weekdays differ no more than weeks do
 * (empirical Bayes). Flat with less than two weeks. Where weekdays surely differ, one that never had any spend is 0.
 */
export function weekdayProfile(days: readonly number[]): number[] {
  const weeks = Math.min(weeksRemembered, Math.floor(days.length / 7))
  const flat = Array.from({ length: 7 }, () => 1)
  if (weeks < 2) return flat
  const first = days.length - weeks * 7
  const ratios: number[][] = flat.map(() => [])
  for (let begin = first; begin < days.length; begin += 7) {
    const week = days.slice(begin, begin + 7)
    const mean = meanOf(week)
    if (mean > 0) for (const [i, day] of week.entries()) ratios[(begin + i) % 7]?.push(day / mean)
  }
  const count = ratios[0]?.length ?? 0
  if (count < 2) return flat
  const raw = normalized(ratios.map(trimmedMean))
  const within = meanOf(ratios.map(varianceOf)) / count
  const between = Math.max(0, varianceOf(raw) - within)
  const trust = between / (between + within || 1)
  return normalized(
    raw.map((weight, i) => (trust > 0.8 && ratios[i]?.every(ratio => ratio === 0) ? 0 : 1 + trust * (weight - 1))),
  )
}

/** Without the largest and the smallest, from four values on. */
function trimmedMean(values: readonly number[]): number {
  if (values.length < 4) return meanOf(values)
  return meanOf(values.toSorted((a, b) => a - b).slice(1, -1))
}

function normalized(weights: readonly number[]): number[] {
  const mean = meanOf(weights)
  return weights.map(weight => (mean > 0 ? weight / mean : 1))
}
