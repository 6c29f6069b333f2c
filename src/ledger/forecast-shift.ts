import { medianOf } from './forecast-statistics.ts'

const daysCompared = 28
const leastBefore = 7
const sizesTried = [28, 22, 18, 14, 11, 9, 7, 6, 5, 4]
const surelyShifted = 3
const leastRatio = 1.35

/**
 * Where the present level began: the day after which amounts (days divided by their weekday's weight) differ from the four weeks
 * before, or 0. A rank test (Mann and Whitney 1947) at days of the last four weeks, so that a burst is no shift; the medians
 * must differ by a third too.
 */
export function findShift(days: readonly number[], weights: readonly number[]): number {
  const flat = days
    .map((day, i) => ({ i, amount: day / (weights[i % 7] || 1) }))
    .filter(({ i }) => (weights[i % 7] ?? 1) > 0.2)
  let shift = 0
  let most = surelyShifted
  for (const size of sizesTried) {
    if (flat.length < size + leastBefore) continue
    const after = flat.slice(-size).map(({ amount }) => amount)
    const before = flat.slice(-size - daysCompared, -size).map(({ amount }) => amount)
    const score = Math.abs(rankScore(before, after))
    if (score < most || !differ(medianOf(before), medianOf(after))) continue
    most = score
    shift = flat[flat.length - size]?.i ?? 0
  }
  return shift
}

/** Standard deviations between how often an amount after is above one before, and half of the pairs. */
function rankScore(before: readonly number[], after: readonly number[]): number {
  let above = 0
  for (const b of before) for (const a of after) above += a > b ? 1 : a === b ? 0.5 : 0
  const pairs = before.length * after.length
  return (above - pairs / 2) / Math.sqrt((pairs * (before.length + after.length + 1)) / 12)
}

function differ(a: number, b: number): boolean {
  return Math.max(a, b) > leastRatio * Math.min(a, b)
}
