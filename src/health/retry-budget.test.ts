import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mayRetry, retryFloor, retryShare } from './retry-budget.ts'

test('a quiet service may try again some times, a busy one for a fifth of its other calls', () => {
  assert.equal(mayRetry({ calls: 0, retries: retryFloor - 1 }), true)
  assert.equal(mayRetry({ calls: 0, retries: retryFloor }), false)
  assert.equal(mayRetry({ calls: 1_020, retries: 20 }), true)
  assert.equal(mayRetry({ calls: 1_230, retries: 230 }), false)
})

test('however many fail, what a provider gets beyond the first calls stays within the floor and the share', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 3_000 }), kinds => {
      const traffic = { calls: 0, retries: 0 }
      for (const wantsRetry of kinds) {
        if (wantsRetry && !mayRetry(traffic)) continue
        traffic.calls++
        if (wantsRetry) traffic.retries++
      }
      assert.ok(traffic.retries < retryFloor + retryShare * (traffic.calls - traffic.retries) + 1)
    }),
  )
})
