import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Price } from '../contract/price-list.ts'
import type { PastCall } from './past-calls.sql.ts'
import { createRepricer } from './reprice-calls.ts'

const price: Price = {
  provider: 'openai',
  operation: 'embed',
  model: 'small',
  unit: 'token',
  nanoUsd: 7n,
  perUnits: 3n,
  effectiveFrom: '2026-06-01',
  source: 'a test',
}
const callOf = (units: readonly bigint[], more: Partial<PastCall> = {}): PastCall => ({
  at: new Date('2026-07-01T00:00:00Z'),
  tenantId: 'acme',
  service: 'embed',
  provider: 'openai',
  model: 'small',
  simulated: false,
  shares: units.map((count, i) => ({
    apiKeyId: null,
    tags: [`t${i}`],
    units: count,
    costNanoUsd: 1000n,
    shadowNanoUsd: 1000n,
  })),
  ...more,
})
const keyOf = ({ provider, service, model, simulated }: PastCall) => ({
  key: { provider, operation: service, model },
  free: simulated,
})

test('a call is rounded up as a whole, and its shares add up to that exactly', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt(0n, 50n), { minLength: 1, maxLength: 6 }), units => {
      const repriced = createRepricer([price], keyOf).reprice(callOf(units))
      const total = repriced?.shares.reduce((sum, share) => sum + share.costNanoUsd, 0n)
      const all = units.reduce((sum, count) => sum + count, 0n)
      assert.equal(total, (all * 7n + 2n) / 3n)
    }),
  )
})

test('what cost nothing still does, and has the new price in the shadow column', () => {
  const repriced = createRepricer([price], keyOf).reprice(callOf([3n], { simulated: true }))
  assert.deepEqual(
    repriced?.shares.map(({ costNanoUsd, shadowNanoUsd }) => [costNanoUsd, shadowNanoUsd]),
    [[0n, 7n]],
  )
})

test('every missing price is named, with the first day on which there was none; what used nothing needs none', () => {
  const repricer = createRepricer([price], keyOf)
  assert.ok(repricer.reprice(callOf([0n], { model: 'unknown' })))
  repricer.refuseIncomplete()
  const early = { at: new Date('2026-05-31T23:59:59Z') }
  assert.equal(repricer.reprice(callOf([1n], early)), null)
  assert.equal(repricer.reprice(callOf([1n], { model: 'large' })), null)
  assert.equal(repricer.reprice(callOf([1n], { model: 'large' })), null)
  assert.throws(() => repricer.refuseIncomplete(), {
    code: 'call_unpriceable',
    message:
      'The given prices have none for embed by openai "small" (1 calls, the first on 2026-05-31), ' +
      'embed by openai "large" (2 calls, the first on 2026-07-01).',
  })
})
