import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daysOf, readTimeRange, spanOf, whyUnusable } from './time-range.ts'

const read = (text: string) => readTimeRange(new URLSearchParams(text))

test('a range of the URL is one that has a name, or two moments; what is none of both is the usual one', () => {
  assert.equal(read('range=7d'), '7d')
  const between = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-08T12:30:00.000Z' }
  assert.deepEqual(read('from=2026-11-01T01:00%2B01:00&to=2026-11-08T12:30Z&range=7d'), between)
  assert.deepEqual(spanOf(between), between)
  for (const wrong of ['', 'range=toString', 'from=2026-11-01', 'from=2026-11-08&to=2026-11-01', 'from=x&to=y'])
    assert.equal(read(wrong), '24h', wrong)
})

test('what the server would refuse is refused before it is asked', () => {
  const from = '2025-01-01T00:00:00Z'
  assert.equal(whyUnusable({ from, to: '2026-02-05T00:00:00Z' }), null)
  assert.equal(whyUnusable({ from, to: '2026-02-05T00:00:01Z' }), 'At most 400 days')
  assert.equal(whyUnusable({ from, to: from }), 'The end must be after the beginning')
  assert.equal(whyUnusable({ from, to: '' }), 'Both moments are needed')
})

test('a range that goes until now has the present minute in it', () => {
  const now = Date.parse('2026-11-23T10:00:00.000Z')
  assert.deepEqual(spanOf('1h', now), { from: '2026-11-23T09:01:00.000Z', to: '2026-11-23T10:01:00.000Z' })
})

test('the days of a range are those that it touches, or as many as are wanted', () => {
  const between = { from: '2026-10-24T12:00:00Z', to: '2026-10-26T12:00:00Z' }
  assert.deepEqual(daysOf(between), ['2026-10-24', '2026-10-25', '2026-10-26'])
  assert.deepEqual(daysOf(between, 4), ['2026-10-23', '2026-10-24', '2026-10-25', '2026-10-26'])
})
