import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hasPlace } from './bulkhead.ts'

const max = 32

/** Lets tenants take places in turn until nobody gets one; `stuck` have been waiting for long already, `stale` of them for very long. */
function fill(tenants: number, stuck: readonly number[] = [], stale: readonly number[] = []): number[] {
  const held = Array.from({ length: tenants }, (_, i) => stuck[i] ?? 0)
  const waiting = stuck.reduce((sum, count) => sum + count, 0)
  for (let gave = true; gave; ) {
    gave = false
    for (const [i, ofTenant] of held.entries()) {
      const all = held.reduce((sum, count) => sum + count, 0)
      if (!hasPlace({ ofTenant, stale: stale[i] ?? 0, young: all - waiting, all }, max)) continue
      held[i] = ofTenant + 1
      gave = true
    }
  }
  return held
}

test('one tenant alone gets most of the places, and several share them', () => {
  assert.deepEqual(fill(1), [26])
  assert.deepEqual(fill(2), [15, 14])
})

test('whoever comes while another holds all it may finds a place', () => {
  const [alone = 0] = fill(1)
  assert.equal(hasPlace({ ofTenant: 0, stale: 0, young: alone, all: alone }, max), true)
})

test('a tenant whose work hangs gets no more than there are, and the others have all places', () => {
  assert.deepEqual(fill(2, [max]), [max, 26])
})

test('what has been hanging for very long does not keep its tenant from going on elsewhere, within bounds', () => {
  assert.deepEqual(fill(1, [max], [max]), [max + 26])
  assert.deepEqual(fill(1, [2 * max], [2 * max]), [2 * max])
})

test('never more young ones than places, nor twice as many of a tenant, nor eight times as many of all', () => {
  const counts = fc.record({
    ofTenant: fc.nat({ max: 400 }),
    stale: fc.nat({ max: 400 }),
    young: fc.nat({ max: 400 }),
    all: fc.nat({ max: 400 }),
  })
  fc.assert(
    fc.property(counts, places => {
      if (!hasPlace(places, max)) return
      assert.ok(places.ofTenant - places.stale < max)
      assert.ok(places.ofTenant < 2 * max)
      assert.ok(places.all < 8 * max)
      if (places.ofTenant > places.stale) assert.ok(places.young < max)
    }),
  )
})
