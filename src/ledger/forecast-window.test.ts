import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BudgetPeriod } from '../contract/budget-terms.ts'
import { budgetWindow } from './budget-window.ts'
import { forecastCap, forecastWindow, historyBounds, type KnownSpending } from './forecast-window.ts'

const dollar = 1_000_000_000n
const hourMs = 3_600_000

function knownAt(
  at: string,
  period: BudgetPeriod,
  timeZone: string,
  { past = 0n, today = 0n, inWindow = 0n }: { past?: bigint; today?: bigint; inWindow?: bigint },
): KnownSpending {
  const now = new Date(at)
  const window = budgetWindow(period, timeZone, now)
  const bounds = historyBounds(timeZone, now)
  const days = bounds.dayStarts.map((_, i) => (i === bounds.dayStarts.length - 1 ? today : past))
  return { bounds, window, now, days, inWindow }
}

test('P7: the past days begin where days of the zone begin, over changes of the clocks, today last', () => {
  const { dayStarts, endOfToday } = knownAt('2026-11-10T12:00:00Z', 'month', 'Europe/Berlin', {}).bounds
  assert.equal(dayStarts.length, 183)
  assert.equal(dayStarts.at(-1)?.toISOString(), '2026-11-09T23:00:00.000Z')
  assert.equal(endOfToday.toISOString(), '2026-11-10T23:00:00.000Z')
  const hours = dayStarts.slice(1).map((start, i) => (start.getTime() - (dayStarts[i]?.getTime() ?? 0)) / hourMs)
  assert.deepEqual(
    [hours.filter(length => length === 25).length, hours.filter(length => length === 24).length],
    [1, 181],
  )
})

test('nothing known: no amounts, instead of an interval that means nothing', () => {
  const found = forecastCap(knownAt('2026-11-10T12:00:00Z', 'month', 'UTC', {}), dollar)
  assert.deepEqual(
    [found.method, found.historyDays, found.expectedNanoUsd, found.lowNanoUsd, found.highNanoUsd],
    ['nothing known', 0, null, null, null],
  )
  assert.deepEqual([found.expectedExhaustionAt, found.exceedsCap], [null, null])
})

test('only today known: its rate goes on, without an interval', () => {
  const spent = { today: 6n * dollar, inWindow: 6n * dollar }
  const found = forecastWindow({ ...knownAt('2026-11-10T12:00:00Z', 'day', 'UTC', spent), days: [6n * dollar] })
  assert.deepEqual([found.method, found.expectedNanoUsd], ['rate of today', String(12n * dollar)])
  assert.deepEqual([found.lowNanoUsd, found.highNanoUsd], [null, null])
})

test('a steady day: what is left of day, hour, week and month is the day’s rate', () => {
  const expected = (period: BudgetPeriod, inWindow: bigint, timeZone = 'UTC', today = 12n * dollar) => {
    const spent = { past: 24n * dollar, today, inWindow }
    const found = forecastWindow(knownAt('2026-11-10T12:00:00Z', period, timeZone, spent))
    assert.ok(found.lowNanoUsd !== null && found.highNanoUsd !== null)
    assert.ok(BigInt(found.lowNanoUsd) <= BigInt(found.expectedNanoUsd ?? 0))
    return Math.round(Number(found.expectedNanoUsd) / 1e7) / 100
  }
  assert.equal(expected('day', 12n * dollar), 24)
  assert.equal(expected('hour', 0n), 1)
  assert.equal(expected('hour', 0n, 'Asia/Kathmandu', (71n * dollar) / 4n), 0.25, 'Nepal is 5:45 ahead')
  assert.equal(expected('week', 36n * dollar), 168, 'a Tuesday noon: five and a half days to go')
  assert.equal(expected('month', 228n * dollar), 720, 'the tenth of thirty days')
})

test('the cap: when it is reached, and whether more is expected', () => {
  const spent = { past: 24n * dollar, today: 12n * dollar, inWindow: 36n * dollar }
  const known = knownAt('2026-11-10T12:00:00Z', 'week', 'UTC', spent)
  const at = (cap: bigint) => forecastCap(known, cap).expectedExhaustionAt
  assert.equal(at(36n * dollar), '2026-11-10T12:00:00.000Z', 'now')
  const soon = Date.parse(at(60n * dollar) ?? '')
  assert.ok(Math.abs(soon - Date.parse('2026-11-11T12:00:00Z')) < hourMs, 'a day later')
  assert.deepEqual([at(200n * dollar), forecastCap(known, 200n * dollar).exceedsCap], [null, false])
  assert.equal(forecastCap(known, 100n * dollar).exceedsCap, true)
})
