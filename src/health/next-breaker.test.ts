import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { classOf, emptyHistogram, percentile } from './latency-histogram.ts'
import {
  afterFailedProbe,
  afterProbe,
  type Breaker,
  closeAfter,
  nextBreaker,
  type Seen,
  tripFaults,
} from './next-breaker.ts'

const closed: Breaker = { state: 'closed', sinceMs: 0, retryAtMs: null, opened: 0, successes: 0, reason: null }
const quiet: Seen = {
  windowCalls: 0,
  windowFaults: 0,
  batchSuccesses: 0,
  batchFaults: 0,
  faultsInARow: 0,
  lastFault: null,
}
const failing: Seen = { ...quiet, windowCalls: 8, windowFaults: 6, batchFaults: 1, lastFault: 'HTTP 503' }

test('it opens when most of enough calls fail, and says how many and why', () => {
  const open = nextBreaker(closed, failing, 1_000)
  assert.deepEqual(open, {
    state: 'open',
    sinceMs: 1_000,
    retryAtMs: 6_000,
    opened: 1,
    successes: 0,
    reason: '6 of 8 calls failed within 30 s, lastly: HTTP 503',
  })
  const few = { ...failing, windowCalls: tripFaults - 1, windowFaults: tripFaults - 1 }
  assert.equal(nextBreaker(closed, few, 1_000), closed)
  assert.equal(nextBreaker(closed, { ...failing, windowCalls: 13 }, 1_000), closed, 'less than half failed')
})

test('a probe half opens it; good calls close it, one fault opens it again', () => {
  const open = nextBreaker(closed, failing, 1_000)
  const half = afterProbe(open, true, 6_000)
  assert.equal(half.state, 'half_open')
  let next = half
  for (let i = 1; i < closeAfter; i++) next = nextBreaker(next, { ...quiet, batchSuccesses: 1 }, 6_000 + i)
  assert.equal(next.state, 'half_open')
  assert.equal(nextBreaker(next, { ...quiet, batchSuccesses: 1 }, 7_000).state, 'closed')
  const again = nextBreaker(next, { ...quiet, batchSuccesses: 3, batchFaults: 1 }, 7_000)
  assert.deepEqual([again.state, again.opened], ['open', 2])
})

test('it is tried again within 15 seconds, however often it has failed', () => {
  let breaker = nextBreaker(closed, failing, 0)
  for (let i = 0; i < 50; i++) {
    const nowMs = breaker.retryAtMs ?? 0
    breaker = afterProbe(breaker, false, nowMs)
    assert.ok((breaker.retryAtMs ?? 0) - nowMs <= 15_000)
  }
})

test('without a fault nothing ever opens, whatever else is seen', () => {
  const seen = fc.record({
    windowCalls: fc.nat(1_000),
    windowFaults: fc.nat(1_000),
    batchSuccesses: fc.nat(50),
    batchFaults: fc.constant(0),
    faultsInARow: fc.nat(50),
    lastFault: fc.constant(null),
  })
  const breaker = fc.constantFrom<Breaker>(closed, { ...closed, state: 'half_open', opened: 1 })
  fc.assert(fc.property(breaker, seen, (before, what) => nextBreaker(before, what, 1).state !== 'open'))
})

test('percentiles are upper bounds of what was measured', () => {
  const counts = emptyHistogram()
  for (const ms of [3, 4, 8, 40, 90_000]) counts[classOf(ms)] = (counts[classOf(ms)] ?? 0) + 1
  assert.deepEqual([percentile(counts, 0.4), percentile(counts, 0.6), percentile(counts, 0.8)], [5, 10, 50])
  assert.equal(percentile(counts, 1), 60_000)
  assert.equal(percentile(emptyHistogram(), 0.5), null)
})

test('after many good calls it opens at the fifth fault in a row, or as soon as not even a probe is answered', () => {
  const good = { ...failing, windowCalls: 100, windowFaults: 4 }
  assert.equal(nextBreaker(closed, { ...good, faultsInARow: tripFaults - 1 }, 1), closed)
  assert.equal(
    nextBreaker(closed, { ...good, faultsInARow: tripFaults }, 1).reason,
    '5 calls in a row failed, lastly: HTTP 503',
  )
  assert.equal(afterFailedProbe(closed, 'HTTP 503', 1).reason, 'it cannot be reached, lastly: HTTP 503')
})
