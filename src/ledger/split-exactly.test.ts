import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitExactly } from './split-exactly.ts'

const total = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
const weights = fc.array(fc.nat({ max: 2 ** 31 }), { minLength: 1, maxLength: 50 }).filter(ws => ws.some(w => w > 0))

test('the parts add up to the total, and each is less than one unit away from its exact share', () => {
  fc.assert(
    fc.property(total, weights, (amount, given) => {
      const parts = splitExactly(amount, given)
      const sum = given.reduce((a, b) => a + BigInt(b), 0n)
      assert.equal(parts.length, given.length)
      assert.equal(
        parts.reduce((a, b) => a + b, 0n),
        amount,
      )
      parts.forEach((part, i) => {
        const difference = part * sum - amount * BigInt(given[i] ?? 0)
        assert.ok(difference < sum && difference > -sum, `part ${i} is ${part}`)
      })
    }),
  )
})

test('the remainder goes to the largest fractions, ties to the earlier', () => {
  assert.deepEqual(splitExactly(100n, [1, 1, 1]), [34n, 33n, 33n])
  assert.deepEqual(splitExactly(10n, [1, 2, 4]), [1n, 3n, 6n])
  assert.deepEqual(splitExactly(1n, [0, 5]), [0n, 1n])
})

test('without any weight the first takes all; without anybody there is nothing to split', () => {
  assert.deepEqual(splitExactly(7n, [0, 0]), [7n, 0n])
  assert.deepEqual(splitExactly(7n, []), [])
})
