import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { decimalText, readUsageReply, scaleDecimal, wholeNumber } from './usage-report.ts'

const billion = 1_000_000_000n

const dollars: [text: string, nanoUsd: bigint][] = [
  ['0', 0n],
  ['1', billion],
  ['0.06', 60_000_000n],
  ['0.060000000000000005', 60_000_000n],
  ['1.2e-05', 12_000n],
  ['1.2E-05', 12_000n],
  ['4e-10', 0n],
  ['5e-10', 1n],
  ['0.0000000014999999', 1n],
  ['0.0000000015', 2n],
  ['-0.0000000015', -2n],
  ['-0.25', -250_000_000n],
  ['9007199254.740993', 9_007_199_254_740_993_000n],
  ['1e3', 1_000n * billion],
  ['0E-6176', 0n],
  ['5E-6176', 0n],
]
for (const [text, nanoUsd] of dollars) {
  test(`$${text} is ${nanoUsd} nano-dollars`, () => assert.equal(scaleDecimal(text, billion), nanoUsd))
}

test('whatever is written with at most nine decimals is kept exactly', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), nano => {
      const digits = (nano < 0n ? -nano : nano).toString().padStart(10, '0')
      const text = `${nano < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`
      assert.equal(scaleDecimal(text, billion), nano)
    }),
  )
})

test('a JSON float of nano-dollars is read back as these', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 }), nano => {
      const body = JSON.stringify({ value: nano / 1e9 })
      const { value } = readUsageReply(body, z.object({ value: decimalText }), 'It')
      assert.equal(scaleDecimal(value, billion), BigInt(nano))
    }),
  )
})

test('amounts are taken from the text of the reply, not from a float; strings of digits are amounts too', () => {
  const schema = z.object({ a: decimalText, b: decimalText })
  const reply = readUsageReply('{"a": 0.1234567890123456789, "b": "0.1234567890123456789"}', schema, 'It')
  assert.deepEqual(reply, { a: '0.1234567890123456789', b: '0.1234567890123456789' })
})

test('counts are whole numbers, however they are written', () => {
  const schema = z.array(wholeNumber)
  const counts = readUsageReply('[0, 12, 12.0, 1e3, 9007199254740993]', schema, 'It')
  assert.deepEqual(counts, [0n, 12n, 12n, 1000n, 9_007_199_254_740_993n])
})

for (const body of [
  '',
  '<html>',
  '{"n":',
  '{}',
  '{"n":1.5}',
  '{"n":1.00000001}',
  '{"n":-1}',
  '{"n":1e400}',
  '{"n":null}',
  '{"n":"12 "}',
]) {
  test(`"${body}" is malformed, and the message does not quote it`, () => {
    assert.throws(
      () => readUsageReply(body, z.object({ n: wholeNumber }), 'The report'),
      (error: Error) => {
        assert.ok('code' in error && error.code === 'provider_reply_malformed')
        assert.match(error.message, /^The report was answered /)
        if (body.length > 1) assert.ok(!error.message.includes(body))
        return true
      },
    )
  })
}
