/** One way to follow the level: by `gain`, the least share of an error that is learned from, with or without a damped trend. */
export interface LevelFollower {
  gain: number
  trend: boolean
}

export interface Level {
  /** A day of weight 1. */
  level: number
  /** Relative growth per day at the end of the days; it fades out. */
  growth: number
  /** What bursts add to a day in the mean. */
  bursts: number
}

const trendGain = 0.08
const dampingPerDay = 0.98
const mostGrowth = 0.03
const clipAt = 3
const scaleGain = 0.1
const burstGain = 0.02

/**
 * Exponential smoothing with weekday weights, robust (Gelper, Fried and Croux 2010): an error beyond three times the usual one
 * moves the level by that much only, so that a burst does little and a lasting shift is learned within days. What is cut off is
 * remembered as the mean of bursts. The first days count alike, whatever the gain.
 */
export function followLevel(days: readonly number[], weights: readonly number[], how: LevelFollower): Level {
  let level = 0
  let growth = 0
  let bursts = 0
  let scale = 0
  days.forEach((day, i) => {
    const weight = weights[i % 7] ?? 1
    const expected = level * (1 + growth)
    const error = day - expected * weight
    const cut = i < 7 ? error : Math.min(clipAt * scale, Math.max(-clipAt * scale, error))
    scale += Math.max(scaleGain, 1 / (i + 1)) * (1.25 * Math.abs(cut) - scale)
    const gain = Math.max(how.gain, 1 / (i + 1))
    const step = gain * Math.min(weight, 1 / Math.max(weight, 0.5)) * cut
    level = i === 0 ? day : Math.max(0, expected + step)
    bursts += Math.max(burstGain, 1 / (i + 1)) * (error - cut - bursts)
    if (how.trend && i > 7 && level > 0)
      growth = Math.min(mostGrowth, Math.max(-mostGrowth, dampingPerDay * growth + (trendGain * step) / level))
  })
  return { level, growth, bursts }
}

/** `count` days from day number `first` on, none below 0. */
export function continueLevel(found: Level, weights: readonly number[], first: number, count: number): number[] {
  let { level, growth } = found
  return Array.from({ length: count }, (_, k) => {
    level *= 1 + growth
    growth *= dampingPerDay
    return Math.max(0, level * (weights[(first + k) % 7] ?? 1) + found.bursts)
  })
}
