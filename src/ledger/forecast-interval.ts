import { meanOf, varianceOf } from './forecast-statistics.ts'

/** A forecast from what was known at some past day: what was expected, and what it came to. */
interface PastForecast {
  expected: number
  actual: number
}

/** Past forecasts of one day, and of `span` days together, from the same origins. */
export interface PastForecasts {
  span: number
  ofDay: readonly PastForecast[]
  ofSpan: readonly PastForecast[]
}

const z80 = 1.2816
const leastPriorNoise = 0.2
const priorNoiseDays = 3
const priorDrift = 0.01
const priorDriftSpans = 2
const leastDrift = 0.0004
const driftPower = 0.7
const shortestHorizonDays = 1 / 48
const mostVariance = 25

/**
 * The 80 % interval around `expected`, the sum of `horizonDays` days. Its variance, relative to the square of the mean, has two
 * parts that are read off the errors of past forecasts, and shrunk towards a cautious guess while these are few: noise, which fades
 * as days add up, and drift of the level, which grows with the horizon. The quantiles are those of a gamma distribution, so that
 * the interval reaches higher than low and never below 0. The constants are tuned on generated histories (bench/forecast.bench.ts).
 */
export function spreadInterval(
  expected: number,
  horizonDays: number,
  known: readonly number[],
  past: PastForecasts,
): { low: number; high: number } {
  const { noise, drift } = readVariance(known, past)
  const ofLevel = (2 * noise) / Math.max(1, known.length)
  const ofDays = noise / Math.max(shortestHorizonDays, horizonDays)
  const variance = ofDays + ofLevel + drift * Math.max(1, horizonDays) ** driftPower
  return { low: expected * Math.min(1, lowQuantile(variance)), high: expected * Math.max(1, highQuantile(variance)) }
}

function readVariance(known: readonly number[], { span, ofDay, ofSpan }: PastForecasts) {
  const count = ofDay.length
  const mean = meanOf(known)
  const priorNoise = leastPriorNoise + (mean > 0 ? varianceOf(known) / mean ** 2 : 0)
  const noise = (count * relativeVariance(ofDay) + priorNoiseDays * priorNoise) / (count + priorNoiseDays)
  const growth = span ** driftPower - 1 / span
  const seen = growth > 0 ? Math.max(0, relativeVariance(ofSpan) - noise / span) / growth : 0
  const spans = growth > 0 ? count / span : 0 // spans overlap: so many are independent
  const drift = (spans * seen + priorDriftSpans * priorDrift) / (spans + priorDriftSpans)
  return { noise, drift: Math.max(leastDrift, drift) }
}

/** The middle of the mean square and of what the least 80 % of the errors tell, so that a single burst does not widen everything. */
function relativeVariance(past: readonly PastForecast[]): number {
  if (past.length === 0) return 0
  const scale = meanOf(past.map(({ expected }) => expected)) ** 2
  if (scale === 0) return 1
  const squares = past.map(({ expected, actual }) => (actual - expected) ** 2).toSorted((a, b) => a - b)
  const usual = (squares[Math.floor(squares.length * 0.8)] ?? 0) / z80 ** 2
  return Math.min(mostVariance, (meanOf(squares) + usual) / 2 / scale)
}

/** The 10 % quantile of a gamma distribution with mean 1, by the cube of a normal one (Wilson and Hilferty 1931). */
function lowQuantile(variance: number): number {
  return Math.max(0, 1 - variance / 9 - (z80 * Math.sqrt(variance)) / 3) ** 3
}

/** The 90 % quantile; the variance counts up to where it is highest. */
function highQuantile(variance: number): number {
  const counted = Math.min(variance, (1.5 * z80) ** 2)
  return (1 - counted / 9 + (z80 * Math.sqrt(counted)) / 3) ** 3
}
