import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatUsd } from './format-usd.ts'
import { nanoUsdSchema } from './money.ts'

test('at least two decimals, and as many as the amount needs', () => {
  assert.equal(formatUsd(0n), '$0.00')
  assert.equal(formatUsd(3_750_000n), '$0.00375')
  assert.equal(formatUsd(1n), '$0.000000001')
  assert.equal(formatUsd(12_500_000_000n), '$12.50')
  assert.equal(formatUsd(-1_000_000_000n), '-$1.00')
  assert.equal(formatUsd(9_223_372_036_854_775_807n), '$9223372036.854775807')
})

test('no amount loses a nano-dollar on its way to a person', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), amount => {
      const [, sign, whole = '', fraction = ''] = /^(-?)\$(\d+)\.(\d{2,9})$/.exec(formatUsd(amount)) ?? []
      const back = BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
      assert.equal(sign === '-' ? -back : back, amount)
      assert.equal(nanoUsdSchema.parse(amount.toString()), amount.toString())
    }),
  )
})

test('in JSON only whole numbers of nano-dollars are money', () => {
  for (const wrong of ['', '1.5', '1e9', ' 1', '$1', '--1'])
    assert.equal(nanoUsdSchema.safeParse(wrong).success, false, wrong)
})
