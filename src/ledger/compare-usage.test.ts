import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { UsageLine } from '../contract/usage-report.ts'
import { compareUsage, type OwnUsageLine, type UsageAdjustment } from './compare-usage.ts'

const day = '2026-11-20'
const line = { day, provider: 'openai', operation: 'embed', model: 'small', units: 100n, costNanoUsd: 1000n, calls: 3 }
const own = (more: Partial<OwnUsageLine> = {}) => ({ ...line, ...more }) as OwnUsageLine
const their = (more: Partial<UsageLine> = {}) => ({ ...line, ...more }) as UsageLine
/** The day ends at midnight and settles two hours later. */
const settleAfterMs = 7_200_000
const settled = { now: new Date('2026-11-21T02:00:00Z'), settleAfterMs, booked: [] }
const young = { ...settled, now: new Date('2026-11-21T01:59:59.999Z') }

function onlyRow(...[ours, theirs, options]: Parameters<typeof compareUsage>) {
  const { rows, adjustments } = compareUsage(ours, theirs, options)
  const [row, ...others] = rows
  assert.deepEqual(others, [])
  return { verdict: row?.verdict, drift: row?.driftNanoUsd, ppm: row?.driftPpm, adjustments }
}

const verdicts: [name: string, ours: OwnUsageLine[], theirs: UsageLine[], verdict: string, drift: bigint | null][] = [
  ['the same', [own()], [their()], 'equal', 0n],
  ['the same in parts', [own({ costNanoUsd: 400n }), own({ costNanoUsd: 600n })], [their()], 'equal', 0n],
  ['a nano-dollar less for each call', [own()], [their({ costNanoUsd: 997n })], 'rounding', -3n],
  ['a nano-dollar more for each call', [own()], [their({ costNanoUsd: 1003n })], 'rounding', 3n],
  ['a nano-dollar more than that', [own()], [their({ costNanoUsd: 1004n })], 'drift', 4n],
  ['less than we booked', [own()], [their({ costNanoUsd: 996n })], 'drift', -4n],
  ['nothing at all', [own()], [], 'drift', -1000n],
  ['what we do not know', [], [their()], 'unknown_to_us', 1000n],
  ['nothing for what cost nothing', [own({ costNanoUsd: 0n })], [], 'equal', 0n],
  ['no money but the same units', [own()], [their({ costNanoUsd: null })], 'equal', null],
  ['no money and other units', [own()], [their({ costNanoUsd: null, units: 99n })], 'drift', null],
  ['no money for what we do not know', [], [their({ costNanoUsd: null })], 'unknown_to_us', null],
  ['money for only a part', [own()], [their(), their({ costNanoUsd: null, units: 1n })], 'drift', null],
]
for (const [name, ours, theirs, verdict, drift] of verdicts) {
  test(`they report ${name}: ${verdict}`, () => {
    const row = onlyRow(ours, theirs, settled)
    assert.deepEqual([row.verdict, row.drift], [verdict, drift])
    const isBooked = drift !== null && (verdict === 'drift' || verdict === 'unknown_to_us')
    assert.deepEqual(
      row.adjustments.map(adjustment => adjustment.amountNanoUsd),
      isBooked ? [drift] : [],
    )
  })
}

test('before a day is settled, silence means nothing and a difference is only shown', () => {
  assert.equal(onlyRow([own()], [], young).verdict, 'not_reported')
  assert.equal(onlyRow([own()], [their({ costNanoUsd: null })], young).verdict, 'not_reported')
  const half = onlyRow([own()], [their({ costNanoUsd: 500n })], young)
  assert.deepEqual([half.verdict, half.drift, half.ppm, half.adjustments], ['drift', -500n, -500_000n, []])
})

test('an adjustment is named by what it corrects, and booking it twice books the difference', () => {
  const first = onlyRow([own()], [their({ costNanoUsd: 1500n })], settled).adjustments
  const named = { day, provider: 'openai', operation: 'embed', model: 'small' }
  const key = `openai/embed/small/${day}`
  assert.deepEqual(first, [{ key, sequence: 0, ...named, amountNanoUsd: 500n }])
  const again = { ...settled, booked: first }
  assert.deepEqual(onlyRow([own()], [their({ costNanoUsd: 1500n })], again).adjustments, [])
  const second = onlyRow([own()], [their({ costNanoUsd: 1450n })], again).adjustments
  assert.deepEqual(second, [{ key, sequence: 1, ...named, amountNanoUsd: -50n }])
})

test('where they name no model, all of ours are one row, with what was booked for each', () => {
  const ours = [own({ model: 'fast' }), own({ model: 'agentic', costNanoUsd: 5000n })]
  const silent = compareUsage(ours, [], settled)
  assert.deepEqual(
    silent.adjustments.map(({ model, amountNanoUsd }) => [model, amountNanoUsd]),
    [
      ['agentic', -5000n],
      ['fast', -1000n],
    ],
  )
  const late = onlyRow(ours, [their({ model: null, costNanoUsd: 6000n })], { ...settled, booked: silent.adjustments })
  assert.deepEqual(
    late.adjustments.map(({ key, amountNanoUsd }) => [key, amountNanoUsd]),
    [[`openai/embed/*/${day}`, 6000n]],
  )
})

test('when they name models later, what was booked without one is taken back', () => {
  const ours = [own()]
  const unnamed = compareUsage(ours, [their({ model: null, costNanoUsd: 1500n })], settled).adjustments
  const { adjustments } = compareUsage(ours, [their({ costNanoUsd: 1500n })], { ...settled, booked: unnamed })
  assert.deepEqual(
    adjustments.map(({ model, amountNanoUsd }) => [model, amountNanoUsd]),
    [
      ['small', 500n],
      [null, -500n],
    ],
  )
})

const anyKey = {
  day: fc.constantFrom('2026-11-19', day, '2026-11-21'),
  provider: fc.constantFrom('openai', 'llamaparse'),
  operation: fc.constantFrom('embed' as const, 'parse' as const),
  model: fc.constantFrom('small', 'large'),
}
const money = fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 13n }), fc.bigInt({ min: 0n, max: 6n }))
const amounts = { units: fc.bigInt({ min: 0n, max: 10n ** 9n }), calls: fc.nat({ max: 5 }), costNanoUsd: money }
const anyOurs = fc.array(fc.record({ ...anyKey, ...amounts }), { maxLength: 12 })
const anyTheirs = fc.array(
  fc.record({
    ...anyKey,
    ...amounts,
    model: fc.option(anyKey.model, { freq: 6 }),
    costNanoUsd: fc.option(money, { freq: 9 }),
  }),
  { maxLength: 12 },
)
const anyNow = fc.constantFrom('2026-11-21T02:00:00Z', '2026-11-30T00:00:00Z').map(text => new Date(text))
const sum = (values: readonly (bigint | null)[]) => values.reduce<bigint>((total, value) => total + (value ?? 0n), 0n)

test('after the adjustments are booked, every settled row is equal or rounded, and nothing more is booked', () => {
  let booked = 0
  fc.assert(
    fc.property(anyOurs, anyTheirs, anyTheirs, anyNow, (ours, before, theirs, now) => {
      const first = compareUsage(ours, before, { now, settleAfterMs, booked: [] }).adjustments
      const second = compareUsage(ours, theirs, { now, settleAfterMs, booked: first }).adjustments
      const all: UsageAdjustment[] = [...first, ...second]
      booked += second.length
      const { rows, adjustments } = compareUsage(ours, theirs, { now, settleAfterMs, booked: all })
      assert.deepEqual(adjustments, [])
      for (const { isSettled, driftNanoUsd, verdict } of rows)
        if (isSettled && driftNanoUsd !== null) assert.match(verdict, /^(equal|rounding)$/)
      const names = all.map(({ key, sequence }) => `${key}#${sequence}`)
      assert.equal(new Set(names).size, names.length)
    }),
    { numRuns: 500 },
  )
  assert.ok(booked > 100, `only ${booked} adjustments were tested`)
})

test('the rows hold all of both sides, once, and the drift is what lies between them', () => {
  fc.assert(
    fc.property(anyOurs, anyTheirs, anyTheirs, anyNow, (ours, before, theirs, now) => {
      const { adjustments: booked } = compareUsage(ours, before, { now, settleAfterMs, booked: [] })
      const { rows } = compareUsage(ours, theirs, { now, settleAfterMs, booked })
      assert.equal(sum(rows.map(row => row.ours.costNanoUsd)), sum(ours.map(each => each.costNanoUsd)))
      assert.equal(sum(rows.map(row => row.ours.units)), sum(ours.map(each => each.units)))
      assert.equal(sum(rows.map(row => row.theirs?.units ?? 0n)), sum(theirs.map(each => each.units)))
      assert.equal(sum(rows.map(row => row.bookedNanoUsd)), sum(booked.map(each => each.amountNanoUsd)))
      const known = rows.filter(row => row.driftNanoUsd !== null)
      const theirMoney = sum(known.map(row => row.theirs?.costNanoUsd ?? 0n))
      const ourMoney = sum(known.flatMap(row => [row.ours.costNanoUsd, row.bookedNanoUsd]))
      assert.equal(sum(known.map(row => row.driftNanoUsd)), theirMoney - ourMoney)
    }),
    { numRuns: 500 },
  )
})
