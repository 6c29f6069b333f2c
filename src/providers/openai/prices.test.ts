import assert from 'node:assert/strict'
import { test } from 'node:test'
import { priceTokens } from './prices.ts'

test('a million tokens cost what the price list says', () => {
  assert.equal(priceTokens('text-embedding-3-small', 1_000_000), 20_000_000n)
  assert.equal(priceTokens('text-embedding-3-large', 1_000_000), 130_000_000n)
})

test('one token is priced without rounding', () => {
  assert.equal(priceTokens('text-embedding-3-small', 1), 20n)
})

test('P6: a model without a price is refused, not free', () => {
  assert.throws(() => priceTokens('text-embedding-9', 5), { code: 'call_unpriceable', message: /text-embedding-9/ })
})

test('a price from the configuration covers a model that the list lacks', () => {
  assert.equal(priceTokens('text-embedding-9', 5, 7n), 35n)
})
