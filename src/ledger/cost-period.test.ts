import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costPeriod } from './cost-period.ts'

const now = Temporal.Instant.from('2026-11-23T10:00:00Z')
function period(wish: { from?: string; to?: string; timeZone?: string }): [string, string] {
  const { from, to } = costPeriod({ timeZone: 'UTC', ...wish }, now)
  return [from.toISOString(), to.toISOString()]
}

test('nothing given: the present month of the time zone', () => {
  assert.deepEqual(period({}), ['2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'])
  assert.deepEqual(period({ timeZone: 'Asia/Tokyo' }), ['2026-10-31T15:00:00.000Z', '2026-11-30T15:00:00.000Z'])
})

test('a month whose offset changes begins and ends at local midnight', () => {
  const march = { from: '2026-03-01', to: '2026-03-31' }
  assert.deepEqual(period({ ...march, timeZone: 'Europe/Berlin' }), [
    '2026-02-28T23:00:00.000Z',
    '2026-03-31T22:00:00.000Z',
  ])
})

test('a day is meant whole: 23 hours, 25 hours, and where midnight is left out', () => {
  const hours = (day: string, timeZone: string) => {
    const [from, to] = period({ from: day, to: day, timeZone })
    return (Date.parse(to) - Date.parse(from)) / 3_600_000
  }
  assert.equal(hours('2026-03-29', 'Europe/Berlin'), 23)
  assert.equal(hours('2026-10-25', 'Europe/Berlin'), 25)
  assert.equal(hours('2027-03-14', 'America/New_York'), 23)
  assert.equal(hours('2027-11-07', 'America/New_York'), 25)
  assert.equal(hours('2026-04-24', 'Africa/Cairo'), 23, 'the clock goes from 0 to 1 at midnight')
  assert.equal(hours('2028-02-29', 'UTC'), 24)
})

test('times are taken as they are', () => {
  const wish = { from: '2026-11-02T10:30:00+01:00', to: '2026-11-02T12:00:00Z', timeZone: 'Asia/Tokyo' }
  assert.deepEqual(period(wish), ['2026-11-02T09:30:00.000Z', '2026-11-02T12:00:00.000Z'])
})

test('one side given: from then until the end of the present month, or the month until then', () => {
  assert.deepEqual(period({ from: '2026-08-15' }), ['2026-08-15T00:00:00.000Z', '2026-12-01T00:00:00.000Z'])
  assert.deepEqual(period({ from: '2027-02-15' }), ['2027-02-15T00:00:00.000Z', '2027-03-01T00:00:00.000Z'])
  assert.deepEqual(period({ to: '2026-08-31' }), ['2026-08-01T00:00:00.000Z', '2026-09-01T00:00:00.000Z'])
})

test('a period that ends before it begins is refused', () => {
  assert.throws(() => period({ from: '2026-11-02', to: '2026-11-01' }), { code: 'validation_failed' })
})
