import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { daysUntilCap, forecast } from './forecast.ts'
import type { ForecastInput } from './forecast-path.ts'

const dollar = 1_000_000_000n
const day = (dollars: number) => ({ nanoUsd: BigInt(Math.round(dollars * 1e9)) })
const repeated = (count: number, pattern: readonly number[]) =>
  Array.from({ length: count }, (_, i) => day(pattern[i % pattern.length] ?? 0))
const midnight = { nanoUsd: 0n, fractionOfDay: 0 }
const withinPercent = (actual: bigint, expected: number, percent: number) =>
  assert.ok(
    Math.abs(Number(actual) / 1e9 - expected) <= (expected * percent) / 100,
    `${actual} is not near $${expected}`,
  )

const amount = fc.oneof(
  fc.constant(0n),
  fc.bigInt(-1000n, 1000n),
  fc.bigInt(0n, 10n ** 12n),
  fc.bigInt(0n, 10n ** 400n),
)
const fraction = fc.oneof(fc.double(), fc.double({ min: 0, max: 1 }))
const anything: fc.Arbitrary<ForecastInput> = fc
  .record({
    spent: fc.array(fc.record({ nanoUsd: amount }), { maxLength: 40 }),
    spentToday: fc.record({ nanoUsd: amount, fractionOfDay: fraction }),
    daysLeft: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.double()),
    spentInWindow: amount,
    fractionLeft: fc.option(fraction, { nil: undefined }),
  })
  .map(({ fractionLeft, ...rest }) => (fractionLeft === undefined ? rest : { ...rest, fractionLeft }))

test('whatever is given: spent ≤ low ≤ expected ≤ high, the same each time, and a cap is reached at a time or never', () => {
  fc.assert(
    fc.property(anything, fc.bigInt(0n, 10n ** 14n), (input, cap) => {
      const found = forecast(input)
      assert.ok(input.spentInWindow <= found.lowNanoUsd, 'spent ≤ low')
      assert.ok(found.lowNanoUsd <= found.expectedNanoUsd, 'low ≤ expected')
      assert.ok(found.expectedNanoUsd <= found.highNanoUsd, 'expected ≤ high')
      assert.deepEqual(forecast(structuredClone(input)), found)
      const until = daysUntilCap(input, cap)
      assert.ok(until === null || (until >= 0 && until <= 367), `${until} days`)
    }),
  )
})

test('what is spent is added to the last nano-dollar, so that more of it never lowers the forecast', () => {
  fc.assert(
    fc.property(anything, fc.bigInt(0n, 10n ** 30n), (input, more) => {
      const found = forecast(input)
      const raised = forecast({ ...input, spentInWindow: input.spentInWindow + more })
      assert.equal(raised.expectedNanoUsd - found.expectedNanoUsd, more)
      assert.equal(raised.lowNanoUsd - found.lowNanoUsd, more)
      assert.equal(raised.highNanoUsd - found.highNanoUsd, more)
    }),
  )
})

test('the cap is reached exactly when the expected total reaches it', () => {
  const realistic = fc.record({
    spent: fc.array(fc.record({ nanoUsd: fc.bigInt(0n, 10n ** 12n) }), { maxLength: 40 }),
    spentToday: fc.record({
      nanoUsd: fc.bigInt(0n, 10n ** 12n),
      fractionOfDay: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    daysLeft: fc.integer({ min: 0, max: 40 }),
    spentInWindow: fc.bigInt(0n, 10n ** 13n),
  })
  fc.assert(
    fc.property(realistic, input => {
      const { expectedNanoUsd } = forecast(input)
      const tolerance = 1000n // nano-dollars: floats
      assert.equal(daysUntilCap(input, expectedNanoUsd + tolerance), null)
      assert.notEqual(daysUntilCap(input, expectedNanoUsd - tolerance), null)
    }),
  )
})

test('the method is told: by how much is known', () => {
  const methodOf = (spent: ForecastInput['spent'], today = 0n) =>
    forecast({ spent, spentToday: { nanoUsd: today, fractionOfDay: 0.5 }, daysLeft: 10, spentInWindow: today })
  const nothing = methodOf(repeated(30, [0]))
  assert.deepEqual([nothing.method, nothing.days, nothing.highNanoUsd], ['nothing known', 0, 0n])
  assert.equal(methodOf([]).method, 'nothing known')
  assert.equal(methodOf([], dollar).method, 'rate of today')
  assert.equal(methodOf([], dollar).expectedNanoUsd, 22n * dollar, '$1 in half a day, ten and a half days to go')
  for (const count of [1, 3, 10]) {
    const found = methodOf(repeated(count, [2]))
    assert.deepEqual([found.method, found.days], ['recent level', count])
  }
  assert.equal(methodOf(repeated(14, [2])).method, 'recent level and weekdays')
})

test('steady spending goes on, and the more of it is known the narrower the interval', () => {
  const widths = [1, 3, 10, 30, 90].map(count => {
    const input = { spent: repeated(count, [4]), spentToday: midnight, daysLeft: 19, spentInWindow: 40n * dollar }
    const found = forecast(input)
    withinPercent(found.expectedNanoUsd, 120, 1)
    return found.highNanoUsd - found.lowNanoUsd
  })
  assert.deepEqual(
    widths,
    widths.toSorted((a, b) => Number(b - a)),
  )
  assert.ok((widths.at(-1) ?? 0n) < 40n * dollar, `half of the rest at most, not ${widths.at(-1)}`)
})

test('weekdays are learned: idle weekends stay idle, wherever the window ends', () => {
  const spent = repeated(35, [10, 10, 10, 10, 10, 0, 0])
  const expected = [10, 20, 30, 40, 50, 50, 50, 60]
  expected.forEach((total, daysLeft) => {
    const found = forecast({ spent, spentToday: midnight, daysLeft, spentInWindow: 0n })
    withinPercent(found.expectedNanoUsd, total, 1)
  })
})

test('one burst moves the forecast little, a lasting shift is followed within a week', () => {
  const usual = repeated(40, [10, 11, 9])
  const next = (spent: ForecastInput['spent']) =>
    forecast({ spent, spentToday: midnight, daysLeft: 9, spentInWindow: 0n }).expectedNanoUsd
  assert.ok(next([...usual, day(200), ...usual.slice(0, 2)]) < 180n * dollar)
  withinPercent(next([...usual, ...repeated(7, [30, 33, 27])]), 300, 15)
})

test('the rest of the day and of an hour: a usual morning gives a usual day, a rush raises it', () => {
  const at = (dollars: number, fractionLeft?: number) =>
    forecast({
      spent: repeated(28, [24]),
      spentToday: { ...day(dollars), fractionOfDay: 0.5 },
      daysLeft: 0,
      spentInWindow: day(dollars).nanoUsd,
      ...(fractionLeft !== undefined && { fractionLeft }),
    }).expectedNanoUsd
  withinPercent(at(12), 24, 1)
  assert.ok(at(48) > 60n * dollar)
  withinPercent(at(12, 1 / 24), 13, 1)
  assert.equal(at(12, 0), 12n * dollar)
})

test('when the cap is reached: now, at a time of a later day, or not in this window', () => {
  const input = {
    spent: repeated(28, [10]),
    spentToday: { ...day(5), fractionOfDay: 0.5 },
    daysLeft: 5,
    spentInWindow: day(20).nanoUsd,
  }
  assert.equal(daysUntilCap(input, 20n * dollar), 0)
  const near = (cap: bigint, days: number) => assert.ok(Math.abs((daysUntilCap(input, cap) ?? -1) - days) < 0.01)
  near(24n * dollar, 0.4)
  near(40n * dollar, 2)
  assert.equal(daysUntilCap(input, 76n * dollar), null)
})
