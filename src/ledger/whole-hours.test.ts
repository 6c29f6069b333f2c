import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wholeHours } from './whole-hours.ts'

const at = (text: string) => new Date(`2026-11-${text}:00Z`)
const period = { from: at('01T00:00'), to: at('03T00:00') }

test('with sums of half hours no entry is read for days that begin at half past', () => {
  const bounds = [at('01T18:30'), at('02T18:30')]
  const { hours, parts } = wholeHours(period, bounds, { halves: true })
  assert.deepEqual(parts, [])
  assert.deepEqual(hours?.halved, [at('01T18:00'), at('02T18:00')])
  assert.deepEqual(hours.split, [])
  assert.equal(hours.single.length, 2 * 5)
})

test('without them, and where a day begins otherwise within an hour, that hour is read by its entries', () => {
  for (const [minutes, halves] of [
    ['30', false],
    ['15', true],
  ] as const) {
    const { hours, parts } = wholeHours(period, [at(`01T18:${minutes}`)], { halves })
    assert.deepEqual(parts, [{ from: at('01T18:00'), to: at('01T19:00') }])
    assert.deepEqual(hours?.split, [at('01T18:00')])
    assert.deepEqual(hours.halved, [])
  }
})
