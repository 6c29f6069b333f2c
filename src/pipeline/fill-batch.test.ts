import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fillBatch, maxTexts, maxTokens, type OpenOrder } from './fill-batch.ts'
import type { TextOrder, WantedText } from './text-order.ts'

const orderOf = (tokenCounts: readonly number[], name = 'o'): OpenOrder => {
  const texts = tokenCounts.map((tokenCount, i) => ({ textHash: Buffer.from(`${name}/${i}`), tokenCount }))
  return { order: { texts } as unknown as TextOrder, next: 0 }
}
const drain = (open: OpenOrder[]) => {
  const batches: WantedText[][] = []
  while (open.length > 0) batches.push(fillBatch(open).flatMap(part => part.texts))
  return batches
}
const tokensOf = (texts: readonly WantedText[]) => texts.reduce((sum, text) => sum + text.tokenCount, 0)

test('I4: no batch has more than 2,048 texts or 300,000 tokens, and every text is in exactly one', () => {
  const counts = fc.oneof(
    fc.array(fc.integer({ min: 1, max: 8_192 }), { maxLength: 100 }),
    fc.array(fc.constantFrom(1, 2), { minLength: 500, maxLength: 2_500 }),
  )
  fc.assert(
    fc.property(fc.array(counts, { maxLength: 6 }), orders => {
      const open = orders.map((tokenCounts, i) => orderOf(tokenCounts, `o${i}`))
      const all = open.flatMap(({ order }) => order.texts)
      const batches = drain(open)
      for (const batch of batches) {
        assert.ok(batch.length <= maxTexts)
        assert.ok(tokensOf(batch) <= maxTokens)
      }
      const names = (texts: readonly WantedText[]) => texts.map(text => text.textHash.toString()).toSorted()
      assert.deepEqual(names(batches.flat()), names(all))
    }),
    { numRuns: 60 },
  )
})

test('one order keeps its order and fills each batch: exactly at a limit is one batch, one above is two', () => {
  const sizes = (count: number, tokens: number) =>
    drain([orderOf(Array.from({ length: count }, () => tokens))]).map(batch => batch.length)
  assert.deepEqual(sizes(2_048, 1), [2_048])
  assert.deepEqual(sizes(2_049, 1), [2_048, 1])
  assert.deepEqual(sizes(300, 1_000), [300])
  assert.deepEqual(sizes(301, 1_000), [300, 1])
})

test('small orders share the next batch, however much a large one has left, and the oldest keeps a quarter', () => {
  const large = orderOf(new Array(10_000).fill(10), 'large')
  const small = Array.from({ length: 20 }, (_, i) => orderOf([10, 10, 10], `small${i}`))
  const open = [large, ...small]
  const parts = fillBatch(open)
  const sizes = parts.map(part => part.texts.length)
  assert.equal(sizes.length, 21)
  assert.ok((sizes[0] ?? 0) >= maxTexts / 4)
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    maxTexts,
  )
  assert.deepEqual(open, [large], 'the small ones are done')

  const many = Array.from({ length: 3_000 }, (_, i) => orderOf([1], `m${i}`))
  const crowded = [orderOf(new Array(9_000).fill(1), 'old'), ...many]
  const [first] = fillBatch(crowded)
  assert.equal(first?.texts.length, maxTexts / 4)
})
