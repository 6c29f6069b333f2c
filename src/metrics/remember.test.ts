import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remember } from './remember.ts'

test('many who ask at once, and soon after, cost one reading', async () => {
  let [nowMs, reads] = [0, 0]
  const ask = remember(
    async () => ++reads,
    () => {},
    { now: () => nowMs },
  )
  await Promise.all([ask(), ask(), ask()])
  nowMs = 4_999
  assert.deepEqual(await ask(), { kind: 'read', value: 1 })
  nowMs = 5_000
  assert.deepEqual(await ask(), { kind: 'read', value: 2 })
})

test('what takes a second is read every twenty seconds', async () => {
  let [nowMs, reads] = [0, 0]
  const ask = remember(
    async () => {
      nowMs += 1_000
      return ++reads
    },
    () => {},
    { now: () => nowMs },
  )
  await ask()
  nowMs = 20_999
  await ask()
  assert.equal(reads, 1)
  nowMs = 21_000
  await ask()
  assert.equal(reads, 2)
})

test('a database that does not answer is told, and asked again some seconds later', async () => {
  let [nowMs, reads] = [0, 0]
  const told: unknown[] = []
  const ask = remember(
    async () => {
      if (++reads === 1) throw new Error('gone')
      return reads
    },
    error => told.push(error),
    { now: () => nowMs },
  )
  assert.deepEqual(await ask(), { kind: 'failed' })
  assert.equal(told.length, 1)
  nowMs = 5_000
  assert.deepEqual(await ask(), { kind: 'read', value: 2 })
})
