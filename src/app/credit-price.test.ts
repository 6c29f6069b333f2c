import assert from 'node:assert/strict'
import { test } from 'node:test'
import { creditPrice } from './credit-price.ts'
import { loadPriceList } from './load-price-list.ts'

test('a credit costs what LlamaCloud asks for it, or a third of a page of an own price list', async () => {
  const prices = await loadPriceList('')
  assert.equal(creditPrice(prices), 1_250_000n)
  const [page] = prices.filter(({ model }) => model === 'cost_effective')
  assert.ok(page)
  assert.equal(creditPrice([{ ...page, nanoUsd: 4_500_000n }]), 1_500_000n)
})
