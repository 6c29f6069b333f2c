import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { MissingText } from './embed-stage.sql.ts'
import { planBatches } from './plan-batches.ts'

const textOf = (tokenCount: number, i: number): MissingText => ({
  spaceId: 's',
  textHash: Buffer.from(String(i)),
  tokenCount,
  versionIds: [`v${i % 7}`],
})
const tokensOf = (batch: readonly MissingText[]) => batch.reduce((sum, text) => sum + text.tokenCount, 0)

test('I4: no batch has more than 2,048 texts or 300,000 tokens, and every text is in one, in its order', () => {
  const counts = fc.oneof(
    fc.array(fc.integer({ min: 1, max: 8_192 }), { maxLength: 300 }),
    fc.array(fc.constantFrom(1, 2), { minLength: 2_000, maxLength: 4_500 }),
  )
  fc.assert(
    fc.property(counts, tokenCounts => {
      const texts = tokenCounts.map(textOf)
      const batches = planBatches(texts)
      assert.deepEqual(batches.flat(), texts)
      for (const batch of batches) {
        assert.ok(batch.length > 0 && batch.length <= 2_048)
        assert.ok(tokensOf(batch) <= 300_000)
      }
      // No batch could have taken the first text of the next one as well.
      batches.slice(1).forEach((next, i) => {
        const batch = batches[i] ?? []
        assert.ok(batch.length === 2_048 || tokensOf(batch) + (next[0]?.tokenCount ?? 0) > 300_000)
      })
    }),
    { numRuns: 50 },
  )
})

test('exactly at a limit is one batch, one above is two', () => {
  const batchSizes = (count: number, tokens: number) =>
    planBatches(Array.from({ length: count }, (_, i) => textOf(tokens, i))).map(b => b.length)
  assert.deepEqual(batchSizes(2_048, 1), [2_048])
  assert.deepEqual(batchSizes(2_049, 1), [2_048, 1])
  assert.deepEqual(batchSizes(300, 1_000), [300])
  assert.deepEqual(batchSizes(301, 1_000), [300, 1])
  assert.deepEqual(planBatches([]), [])
})
