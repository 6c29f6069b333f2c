import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { PriceList } from '../contract/price-list.ts'
import { findPrice, type PriceKey, priceUnits } from './price-units.ts'

const key: PriceKey = { provider: 'openai', operation: 'embed', model: 'small' }
const base = { ...key, unit: 'token', nanoUsd: 20_000_000n, perUnits: 1_000_000n, source: 'test' } as const
const price = (changes: Partial<PriceList[number]> = {}): PriceList[number] => ({
  ...base,
  effectiveFrom: '2024-01-01',
  origin: 'built-in',
  ...changes,
})
const noon = (day: string) => new Date(`${day}T12:00:00Z`)

test('a price is exact where it can be, and rounded up where not', () => {
  const at = noon('2026-11-23')
  assert.equal(priceUnits([price()], key, 1, at), 20n)
  assert.equal(priceUnits([price({ nanoUsd: 7n, perUnits: 3n })], key, 1, at), 3n)
  assert.equal(priceUnits([price({ nanoUsd: 1n })], key, 1, at), 1n, 'no call with units is free')
  assert.equal(priceUnits([price()], key, 0, at), 0n)
})

test('the cost is the smallest whole number that is not less than the exact price', () => {
  const amounts = { nanoUsd: fc.bigInt(0n, 10n ** 15n), perUnits: fc.bigInt(1n, 10n ** 9n), units: fc.nat(10 ** 9) }
  fc.assert(
    fc.property(fc.record(amounts), ({ nanoUsd, perUnits, units }) => {
      const cost = priceUnits([price({ nanoUsd, perUnits })], key, units, noon('2026-11-23'))
      const exact = BigInt(units) * nanoUsd // times perUnits
      assert.ok(cost * perUnits >= exact && (cost - 1n) * perUnits < exact)
    }),
  )
})

test('the price in force: within its days, from the file if there is one, and the one that began last', () => {
  const day = fc.integer({ min: 0, max: 60 }).map(n => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10))
  const listed = fc
    .record({ from: day, to: fc.option(day), origin: fc.constantFrom('built-in', 'file'), other: fc.boolean() })
    .map(({ from, to, origin, other }) =>
      price({
        origin,
        effectiveFrom: from,
        ...(to !== null && to > from && { effectiveTo: to }),
        ...(other && { model: 'large' }),
      }),
    )
  fc.assert(
    fc.property(fc.array(listed, { maxLength: 8 }), day, (list, today) => {
      const found = findPrice(list, key, noon(today))
      const inForce = list.filter(
        p => p.model === 'small' && p.effectiveFrom <= today && !(p.effectiveTo && p.effectiveTo <= today),
      )
      const own = inForce.filter(p => p.origin === 'file')
      const best = (own.length > 0 ? own : inForce).map(p => p.effectiveFrom).sort()
      assert.equal(found?.effectiveFrom, best.at(-1))
      assert.ok(found === null || inForce.includes(found))
      assert.equal(found?.origin === 'file', own.length > 0)
    }),
  )
})

test('a day begins at midnight UTC, and effectiveTo is the first day without the price', () => {
  const list = [price({ effectiveFrom: '2026-03-01', effectiveTo: '2026-04-01' })]
  const at = (time: string) => findPrice(list, key, new Date(time)) !== null
  assert.deepEqual(
    ['2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00Z', '2026-03-31T23:59:59.999Z', '2026-04-01T00:00:00Z'].map(at),
    [false, true, true, false],
  )
})

test('P6: without a price the call is refused, naming provider, operation, model and day', () => {
  for (const list of [[], [price({ model: 'large' })], [price({ effectiveFrom: '2026-11-24' })]]) {
    assert.throws(() => priceUnits(list, key, 1, noon('2026-11-23')), {
      code: 'call_unpriceable',
      message: 'There is no price for embed by openai "small" on 2026-11-23.',
    })
  }
})
