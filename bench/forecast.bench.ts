import { writeSync } from 'node:fs'
import { type Forecast, forecast } from '../src/ledger/forecast.ts'
import type { ForecastInput } from '../src/ledger/forecast-path.ts'
import { meanOf, medianOf } from '../src/ledger/forecast-statistics.ts'
import { daysOfMonth, generateSpending, kinds } from './generate-spending.ts'
import { formatMeasurements, type Measurement } from './measurement.ts'

const historiesPerKind = 60
const origins = [3, 8, 15, 22]
const mostAboveBest = 1.15

interface Origin {
  input: ForecastInput
  found: Forecast
  /** Of the month, in nano-dollars. */
  actual: number
}

type Method = (input: ForecastInput) => number

const naiveForecasts: readonly [string, Method][] = [
  ['run rate of the month', runRate],
  ['last day', input => naive(input, past => past.at(-1) ?? 0)],
  ['mean of 7 days', input => naive(input, past => meanOf(past.slice(-7)))],
  ['same weekday last week', input => naive(input, (past, k) => past.at((k % 7) - 7) ?? meanOf(past))],
]

/** Errors of the forecast of a month's total on generated histories, next to naive ones, and how often its 80 % interval holds. */
export function benchForecast(seed = 1): Measurement[] {
  const startedAt = performance.now()
  const all = kinds.map(kind => ({ kind, origins: generateOrigins(kind, seed) }))
  const mixed = all.flatMap(({ origins: some }) => some)
  const eachMs = (performance.now() - startedAt) / mixed.length
  return [
    ...describe('mixed', mixed, 1),
    {
      name: 'mixed, coverage off 80 %',
      value: Math.abs(coverageOf(mixed) - 80),
      unit: 'points',
      bound: { atMost: 10 },
    },
    ...all.flatMap(({ kind, origins: some }) => describe(kind, some, mostAboveBest)),
    { name: 'one forecast', value: eachMs, unit: 'ms', bound: { atMost: 20 } },
  ]
}

/** `mostAboveBest` is what the mean error may be, as a multiple of that of the best naive forecast. */
function describe(kind: string, some: readonly Origin[], mostAboveBest: number): Measurement[] {
  const errors = some.map(({ found, actual }) => errorOf(Number(found.expectedNanoUsd), actual))
  const naive = naiveForecasts.map(([name, method]) => {
    const naiveErrors = some.map(({ input, actual }) => errorOf(method(input), actual))
    return { name, mean: meanOf(naiveErrors), median: medianOf(naiveErrors) }
  })
  const best = Math.min(...naive.map(({ mean }) => mean))
  return [
    { name: `${kind}, mean error`, value: meanOf(errors), unit: '%', bound: { atMost: best * mostAboveBest } },
    ...naive.map(({ name, mean }) => ({ name: `${kind}, mean error, ${name}`, value: mean, unit: '%' })),
    { name: `${kind}, median error`, value: medianOf(errors), unit: '%' },
    ...naive.map(({ name, median }) => ({ name: `${kind}, median error, ${name}`, value: median, unit: '%' })),
    { name: `${kind}, covered by the 80 % interval`, value: coverageOf(some), unit: '%' },
  ]
}

function generateOrigins(kind: (typeof kinds)[number], seed: number): Origin[] {
  return Array.from({ length: historiesPerKind }, (_, i) => generateSpending(kind, seed * 1000 + i)).flatMap(
    ({ days, monthBegins, atNoon }) => {
      const actual = days.slice(monthBegins).reduce((sum, day) => sum + Number(day), 0)
      if (actual === 0) return []
      return origins.map(dayOfMonth => {
        const today = monthBegins + dayOfMonth
        const past = days.slice(0, today)
        const spentToday = atNoon[today] ?? 0n
        const spentInWindow = days.slice(monthBegins, today).reduce((sum, day) => sum + day, spentToday)
        const spent = past.map(nanoUsd => ({ nanoUsd }))
        const input = {
          spent,
          spentToday: { nanoUsd: spentToday, fractionOfDay: 0.5 },
          daysLeft: days.length - today - 1,
          spentInWindow,
        }
        return { input, found: forecast(input), actual }
      })
    },
  )
}

/** How often the interval held, in percent. */
function coverageOf(some: readonly Origin[]): number {
  const held = some.filter(
    ({ found, actual }) => Number(found.lowNanoUsd) <= actual && actual <= Number(found.highNanoUsd),
  )
  return (100 * held.length) / some.length
}

/** In percent of the actual total. */
function errorOf(expected: number, actual: number): number {
  return (100 * Math.abs(expected - actual)) / actual
}

function runRate({ spentInWindow, spentToday, daysLeft }: ForecastInput): number {
  const elapsed = daysOfMonth - daysLeft - 1 + spentToday.fractionOfDay
  return (Number(spentInWindow) / elapsed) * daysOfMonth
}

/** What is spent, the rest of today's expected amount, and that of each day left. */
function naive(input: ForecastInput, expect: (past: readonly number[], daysAhead: number) => number): number {
  const past = input.spent.map(({ nanoUsd }) => Number(nanoUsd))
  let total = Number(input.spentInWindow) + Math.max(0, expect(past, 0) - Number(input.spentToday.nanoUsd))
  for (let k = 1; k <= input.daysLeft; k++) total += expect(past, k)
  return total
}

if (import.meta.main) writeSync(1, formatMeasurements('forecast', benchForecast(Number(process.argv[2] ?? 1))))
