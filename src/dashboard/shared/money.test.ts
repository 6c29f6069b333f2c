import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDollars, shareOf, usdShort } from './money.ts'

const short: [nanoUsd: string, text: string][] = [
  ['0', '$0.00'],
  ['1', '< $0.0001'],
  ['-1', '> -$0.0001'],
  ['50000', '$0.0001'],
  ['3750000', '$0.0038'],
  ['999999999', '$1.0000'],
  ['1000000000', '$1.00'],
  ['1995000000', '$2.00'],
  ['-1234567890123', '-$1,234.57'],
  ['9007199254740993000000000', '$9,007,199,254,740,993.00'],
]
for (const [nanoUsd, text] of short)
  test(`${nanoUsd} nano-dollars are ${text}`, () => assert.equal(usdShort(nanoUsd), text))

test('dollars are read to the last nano-dollar, and nothing else is', () => {
  assert.equal(readDollars('$5'), '5000000000')
  assert.equal(readDollars('0.000000001'), '1')
  assert.equal(readDollars('1,000.50'), '1000500000000')
  for (const text of ['', '-1', '1e3', '0.0000000001', '5 €']) assert.equal(readDollars(text), null)
})

test('a part of nothing is nothing or all of it', () => {
  assert.equal(shareOf('0', '0'), 0)
  assert.equal(shareOf('1', '0'), 100)
  assert.equal(shareOf('5', '8'), 62.5)
})
