import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timeBeforeMidnight } from './acts.ts'

test('midnight comes after twice a calm day, in whole milliseconds, and not before 25 s', () => {
  assert.equal(timeBeforeMidnight(3_000.5), 25_000)
  assert.equal(timeBeforeMidnight(14_000.123), 28_001)
})
