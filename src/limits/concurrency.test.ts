import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterAnswer, afterTrouble, type Concurrency, startConcurrency } from './concurrency.ts'

const answers = (state: Concurrency, count: number) => {
  let now = state
  for (let i = 0; i < count; i++) now = afterAnswer(now)
  return now
}

test('it grows by about one for each round of answers, up to its bound', () => {
  const start = startConcurrency(10)
  assert.equal(Math.floor(start.cap), 4)
  assert.equal(Math.floor(answers(start, 5).cap), 5)
  assert.equal(answers(start, 1_000).cap, 10)
  assert.equal(startConcurrency(2).cap, 2)
})

test('trouble halves it once for all that was sent before, and it never ends', () => {
  const grown = answers(startConcurrency(32), 1_000)
  const once = afterTrouble(grown, 100, 200)
  assert.equal(once.cap, 16)
  assert.equal(afterTrouble(once, 150, 210).cap, 16, 'it was sent before the cut')
  assert.equal(afterTrouble(once, 201, 220).cap, 8)
  let low = once
  for (let i = 0; i < 20; i++) low = afterTrouble(low, 1_000 + 2 * i, 1_001 + 2 * i)
  assert.equal(low.cap, 1)
})
