import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPriceFile } from './read-price-file.ts'

const providers = new Set(['openai', 'llamaparse'])
const entry = {
  provider: 'llamaparse',
  operation: 'parse',
  model: 'agentic',
  unit: 'page',
  nanoUsd: '9007199254740993',
  perUnits: 1_000,
  effectiveFrom: '2026-01-01',
  effectiveTo: '2027-01-01',
  source: 'our contract',
}
const read = (...prices: unknown[]) => readPriceFile('own.json', JSON.stringify({ prices }), providers)

test('amounts are read exactly, from digits or whole numbers', () => {
  assert.deepEqual(read(entry), [{ ...entry, nanoUsd: 9_007_199_254_740_993n, perUnits: 1_000n }])
  assert.deepEqual(read(), [])
})

const faults: [what: string, changes: object, message: RegExp][] = [
  ['a fraction', { nanoUsd: 0.5 }, /entry 2 \(agentic\): nanoUsd/],
  ['a number that JSON cannot hold exactly', { nanoUsd: 2 ** 53 }, /entry 2 \(agentic\): nanoUsd/],
  ['a negative price', { nanoUsd: '-1' }, /nanoUsd/],
  ['a price for no units', { perUnits: 0 }, /perUnits: above 0/],
  ['an unknown provider', { provider: 'lamaparse' }, /provider "lamaparse" is none of openai, llamaparse/],
  ['an unknown operation', { operation: 'prase' }, /operation/],
  ['the unit of another operation', { unit: 'token' }, /unit: is not what this operation counts/],
  ['a misspelt field', { effectiveUntil: '2027-01-01' }, /effectiveUntil/],
  ['a day that does not exist', { effectiveFrom: '2026-02-30' }, /effectiveFrom/],
  ['an end before the beginning', { effectiveTo: '2025-01-01' }, /effectiveTo: must be after effectiveFrom/],
  ['no source', { source: undefined }, /source/],
  [
    'two prices from the same day',
    { effectiveTo: undefined },
    /entry 2 \(agentic\): entry 1 has the same effectiveFrom/,
  ],
]
for (const [what, changes, message] of faults) {
  test(`a fault: ${what}`, () => {
    assert.throws(() => read(entry, { ...entry, ...changes }), { code: 'configuration_invalid', message })
  })
}

test('all faults are told at once, and what is no price list is said to be none', () => {
  const both = /entry 1: .*; entry 2 \(x\): /
  assert.throws(() => read(null, { model: 'x' }), { code: 'configuration_invalid', message: both })
  for (const text of ['', '[]', '{"prices":{}}', '{"price":[]}']) {
    assert.throws(() => readPriceFile('own.json', text, providers), {
      code: 'configuration_invalid',
      message: /^The price list own\.json \(SLUICE_PRICE_LIST\) has faults: it /,
    })
  }
})
