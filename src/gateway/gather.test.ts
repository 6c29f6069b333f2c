import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gather } from './gather.ts'

test('the first goes at once, those that come meanwhile go together, in order', async () => {
  const groups: number[][] = []
  const gates: (() => void)[] = []
  const double = gather(
    async (items: readonly number[]) => {
      groups.push([...items])
      await new Promise<void>(resolve => gates.push(resolve))
      return items.map(item => item * 2)
    },
    { atOnce: 1, maxSize: 10, sizeOf: item => item },
  )
  const results = [1, 4, 5, 2, 20, 3].map(double)
  while (groups.flat().length < 6) {
    gates.shift()?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  for (const open of gates) open()
  assert.deepEqual(await Promise.all(results), [2, 8, 10, 4, 40, 6])
  assert.deepEqual(groups, [[1], [4, 5], [2], [20], [3]], 'up to the size, and one alone that is larger')
})

test('a run that fails, fails for all of its items and for no others', async () => {
  const check = gather(
    async (items: readonly string[]) => {
      if (items.includes('bad')) throw new Error('bad')
      return items
    },
    { atOnce: 1, maxSize: 1, sizeOf: () => 1 },
  )
  const outcomes = await Promise.allSettled(['good', 'bad', 'better'].map(check))
  assert.deepEqual(
    outcomes.map(outcome => outcome.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})
