import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type BudgetPeriod, budgetPeriods } from '../contract/budget-terms.ts'
import { budgetWindow } from './budget-window.ts'

const hourMs = 3_600_000

/** `[start, end, hours]` of the window that holds `at`. */
function windowOf(period: BudgetPeriod, timeZone: string, at: string): [string, string, number] {
  const { start, end } = budgetWindow(period, timeZone, new Date(at))
  const toText = (date: Date) => date.toISOString().replace(':00.000Z', 'Z')
  return [toText(start), toText(end), (end.getTime() - start.getTime()) / hourMs]
}

test('P7: a day is 23 hours long when the clocks go forward and 25 when they go back', () => {
  assert.deepEqual(windowOf('day', 'Europe/Berlin', '2024-03-31T12:00Z'), [
    '2024-03-30T23:00Z',
    '2024-03-31T22:00Z',
    23,
  ])
  assert.deepEqual(windowOf('day', 'Europe/Berlin', '2024-10-27T12:00Z'), [
    '2024-10-26T22:00Z',
    '2024-10-27T23:00Z',
    25,
  ])
  assert.deepEqual(windowOf('day', 'America/New_York', '2024-03-10T12:00Z'), [
    '2024-03-10T05:00Z',
    '2024-03-11T04:00Z',
    23,
  ])
  assert.deepEqual(windowOf('day', 'America/New_York', '2024-11-03T12:00Z'), [
    '2024-11-03T04:00Z',
    '2024-11-04T05:00Z',
    25,
  ])
  assert.deepEqual(windowOf('day', 'Asia/Kolkata', '2024-03-31T12:00Z'), ['2024-03-30T18:30Z', '2024-03-31T18:30Z', 24])
})

test('P7: where the clocks skip midnight, the day begins at one', () => {
  assert.deepEqual(windowOf('day', 'Africa/Cairo', '2024-04-26T12:00Z'), ['2024-04-25T22:00Z', '2024-04-26T21:00Z', 23])
  assert.deepEqual(windowOf('day', 'Asia/Beirut', '2024-03-31T12:00Z'), ['2024-03-30T22:00Z', '2024-03-31T21:00Z', 23])
  assert.deepEqual(windowOf('day', 'America/Asuncion', '2023-10-01T12:00Z'), [
    '2023-10-01T04:00Z',
    '2023-10-02T03:00Z',
    23,
  ])
  assert.deepEqual(windowOf('month', 'America/Asuncion', '2023-10-15T12:00Z')[0], '2023-10-01T04:00Z')
})

test('P7: where midnight comes twice, the day begins with the first one', () => {
  const day = ['2024-11-03T04:00Z', '2024-11-04T05:00Z', 25]
  for (const at of [
    '2024-11-03T04:00Z',
    '2024-11-03T04:59Z',
    '2024-11-03T05:00Z',
    '2024-11-03T18:00Z',
    '2024-11-04T04:59Z',
  ])
    assert.deepEqual(windowOf('day', 'America/Havana', at), day)
  assert.equal(windowOf('day', 'America/Havana', '2024-11-03T03:59Z')[1], day[0])
  // Cairo's clocks go from midnight back to eleven: an hour of the old day comes twice.
  assert.deepEqual(windowOf('day', 'Africa/Cairo', '2024-10-31T21:30Z'), ['2024-10-30T21:00Z', '2024-10-31T22:00Z', 25])
})

test('P7: where the clocks go back over midnight, the day that has begun goes on', () => {
  const day = ['1997-10-26T02:30Z', '1997-10-27T03:30Z', 25]
  for (const at of ['1997-10-26T02:30Z', '1997-10-26T02:31Z', '1997-10-26T03:30Z', '1997-10-27T03:29Z'])
    assert.deepEqual(windowOf('day', 'America/St_Johns', at), day)
  assert.equal(windowOf('day', 'America/St_Johns', '1997-10-26T02:29Z')[1], day[0])
})

test('P7: when a zone has moved by half an hour, the year ends with half of one', () => {
  const zone = 'Asia/Pyongyang'
  assert.deepEqual(windowOf('hour', zone, '2015-12-31T14:40Z'), ['2015-12-31T14:00Z', '2015-12-31T15:00Z', 1])
  assert.deepEqual(windowOf('hour', zone, '2015-12-31T15:20Z'), ['2015-12-31T15:00Z', '2015-12-31T15:30Z', 0.5])
  assert.deepEqual(windowOf('hour', zone, '2015-12-31T15:40Z'), ['2015-12-31T15:30Z', '2015-12-31T16:30Z', 1])
})

test('P7: Lord Howe changes its clocks by half an hour', () => {
  const zone = 'Australia/Lord_Howe'
  assert.deepEqual(windowOf('day', zone, '2024-04-07T06:00Z'), ['2024-04-06T13:00Z', '2024-04-07T13:30Z', 24.5])
  assert.deepEqual(windowOf('day', zone, '2024-10-06T06:00Z'), ['2024-10-05T13:30Z', '2024-10-06T13:00Z', 23.5])
  assert.deepEqual(windowOf('hour', zone, '2024-04-06T15:10Z'), ['2024-04-06T15:00Z', '2024-04-06T16:00Z', 1])
})

test('P7: a day that a zone left out belongs to nobody: Samoa went from the 29th to the 31st', () => {
  const before = windowOf('day', 'Pacific/Apia', '2011-12-29T22:00Z')
  const after = windowOf('day', 'Pacific/Apia', '2011-12-30T12:00Z')
  assert.deepEqual(before, ['2011-12-29T10:00Z', '2011-12-30T10:00Z', 24])
  assert.deepEqual(after, ['2011-12-30T10:00Z', '2011-12-31T10:00Z', 24])
})

test('P7: months end when they do, in leap years and at the end of the year', () => {
  assert.deepEqual(windowOf('month', 'UTC', '2024-02-29T23:59Z'), ['2024-02-01T00:00Z', '2024-03-01T00:00Z', 29 * 24])
  assert.deepEqual(windowOf('month', 'UTC', '2023-02-28T23:59Z'), ['2023-02-01T00:00Z', '2023-03-01T00:00Z', 28 * 24])
  assert.deepEqual(windowOf('month', 'UTC', '2000-02-29T00:00Z')[2], 29 * 24)
  assert.deepEqual(windowOf('month', 'UTC', '2024-01-31T00:00Z'), ['2024-01-01T00:00Z', '2024-02-01T00:00Z', 31 * 24])
  assert.deepEqual(windowOf('day', 'UTC', '2024-02-28T10:00Z')[1], '2024-02-29T00:00Z')
  const december = ['2024-11-30T23:00Z', '2024-12-31T23:00Z', 31 * 24]
  assert.deepEqual(windowOf('month', 'Europe/Berlin', '2024-12-31T22:59Z'), december)
  assert.deepEqual(windowOf('month', 'Europe/Berlin', '2024-12-31T23:00Z')[0], december[1])
  assert.equal(windowOf('month', 'Europe/Berlin', '2024-03-15T00:00Z')[2], 31 * 24 - 1)
  assert.equal(windowOf('month', 'Europe/Berlin', '2024-10-15T00:00Z')[2], 31 * 24 + 1)
})

test('P7: weeks begin on Monday, also across years and changes of the clocks', () => {
  assert.deepEqual(windowOf('week', 'UTC', '2025-01-01T00:00Z'), ['2024-12-30T00:00Z', '2025-01-06T00:00Z', 168])
  assert.deepEqual(windowOf('week', 'UTC', '2024-12-29T23:59Z')[1], '2024-12-30T00:00Z')
  assert.deepEqual(windowOf('week', 'Europe/Berlin', '2024-03-31T21:59Z'), [
    '2024-03-24T23:00Z',
    '2024-03-31T22:00Z',
    167,
  ])
})

test('P7: an hour begins when the clocks of the zone show a full one', () => {
  assert.deepEqual(windowOf('hour', 'Asia/Kathmandu', '2024-06-01T10:20Z'), [
    '2024-06-01T10:15Z',
    '2024-06-01T11:15Z',
    1,
  ])
  assert.deepEqual(windowOf('hour', 'Asia/Kolkata', '2024-06-01T10:20Z'), ['2024-06-01T09:30Z', '2024-06-01T10:30Z', 1])
  assert.deepEqual(windowOf('hour', 'Europe/Berlin', '2024-10-27T00:30Z'), [
    '2024-10-27T00:00Z',
    '2024-10-27T01:00Z',
    1,
  ])
  assert.deepEqual(windowOf('hour', 'Europe/Berlin', '2024-10-27T01:30Z'), [
    '2024-10-27T01:00Z',
    '2024-10-27T02:00Z',
    1,
  ])
})

test('P7: a budget in total has one window, for ever', () => {
  assert.deepEqual(
    budgetWindow('total', 'UTC', new Date(0)),
    budgetWindow('total', 'Asia/Tokyo', new Date('2050-01-01')),
  )
})

// Those with the strangest histories more often than the rest.
const strange = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Asuncion',
  'America/Caracas',
  'America/Havana',
  'America/St_Johns',
  'Asia/Beirut',
  'Asia/Colombo',
  'Asia/Kathmandu',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
]
const zone = fc.oneof(fc.constantFrom(...strange), fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC'))
const from = Date.parse('1990-01-01T00:00:00Z')
const to = Date.parse('2050-12-31T00:00:00Z')
/** Any moment, and those within an hour of a change of the zone's clocks, or of the year's end. */
const zoneAndMoment = fc
  .tuple(zone, fc.integer({ min: from, max: to }), fc.integer({ min: -hourMs, max: hourMs }), fc.nat({ max: 2 }))
  .map(([timeZone, at, aside, kind]) => {
    if (kind === 0) return { timeZone, at }
    const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone)
    const change =
      kind === 1
        ? moment.getTimeZoneTransition('next')
        : moment.add({ years: 1 }).with({ month: 1, day: 1 }).startOfDay()
    return { timeZone, at: change ? change.epochMilliseconds + aside : at }
  })

test('P7: at any moment in any zone the window holds it, and the next one begins where it ends', () => {
  fc.assert(
    fc.property(zoneAndMoment, fc.constantFrom(...budgetPeriods), ({ timeZone, at }, period) => {
      const { start, end } = budgetWindow(period, timeZone, new Date(at))
      assert.ok(start.getTime() <= at && at < end.getTime(), 'the window does not hold the moment')
      assert.deepEqual(budgetWindow(period, timeZone, start), { start, end }, 'its first moment is in another one')
      assert.deepEqual(budgetWindow(period, timeZone, new Date(end.getTime() - 1)), { start, end }, 'so is its last')
      if (period !== 'total') assert.deepEqual(budgetWindow(period, timeZone, end).start, end, 'a gap, or an overlap')
    }),
    { numRuns: 20_000 },
  )
})
