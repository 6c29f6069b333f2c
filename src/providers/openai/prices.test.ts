import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxDimensionsByModel } from './limits.ts'
import { openAiPrices } from './prices.ts'

test('P6: every model that can be called has a price', () => {
  for (const model of maxDimensionsByModel.keys())
    assert.ok(
      openAiPrices.some(price => price.model === model),
      model,
    )
})

test('a million tokens cost what OpenAI lists', () => {
  const millionOf = (model: string) => {
    const price = openAiPrices.find(listed => listed.model === model) ?? assert.fail(model)
    return (price.nanoUsd * 1_000_000n) / price.perUnits
  }
  assert.equal(millionOf('text-embedding-3-small'), 20_000_000n)
  assert.equal(millionOf('text-embedding-3-large'), 130_000_000n)
})
