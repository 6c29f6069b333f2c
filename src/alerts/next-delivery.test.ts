import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backoffSeconds, nextDelivery } from './next-delivery.ts'

const failed = { ok: false, status: 503, retryAfterMs: null }

test('attempts come later and later, over more than a day, and then it is given up', () => {
  const waits = backoffSeconds.map((_, i) => nextDelivery(failed, i + 1, 0))
  assert.deepEqual(waits[0], { kind: 'again', inMs: 5_000 })
  const total = waits.reduce((sum, next) => sum + (next.kind === 'again' ? next.inMs : 0), 0)
  assert.ok(total > 24 * 3_600_000)
  assert.deepEqual(nextDelivery(failed, backoffSeconds.length + 1, 0), { kind: 'dead' })
})

test('what the receiver asks for is waited, but not for ever', () => {
  assert.deepEqual(nextDelivery({ ...failed, retryAfterMs: 120_000 }, 1, 0), { kind: 'again', inMs: 120_000 })
  assert.deepEqual(nextDelivery({ ...failed, retryAfterMs: 1e12 }, 1, 0), { kind: 'again', inMs: 86_400_000 })
  assert.deepEqual(nextDelivery({ ...failed, retryAfterMs: 1_000 }, 3, 0), { kind: 'again', inMs: 300_000 })
})

test('many that failed together do not come back together', () => {
  assert.deepEqual(nextDelivery(failed, 2, 0.5), { kind: 'again', inMs: 66_000 })
})

test('a receiver that is gone is not asked again', () => {
  assert.deepEqual(nextDelivery({ ...failed, status: 410 }, 1, 0), { kind: 'gone' })
  assert.deepEqual(nextDelivery({ ok: true, status: 204, retryAfterMs: null }, 1, 0), { kind: 'delivered' })
})
