import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fuseRanks } from './fuse-ranks.ts'

const ranked = (...keys: string[]) => keys.map(key => ({ key }))
const ranking = fc.uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 10 }).map(keys => ranked(...keys))

test('each ranking gives 1 / (60 + rank), and what stands in both is added up', () => {
  const fused = fuseRanks(ranked('a', 'b'), ranked('b', 'c'))
  assert.deepEqual(
    fused.map(f => f.key),
    ['b', 'a', 'c'],
  )
  const [b, a, c] = fused
  assert.equal(b?.score, 1 / 62 + 1 / 61)
  assert.deepEqual(b?.vector, { rank: 2, score: 1 / 62, entry: { key: 'b' } })
  assert.deepEqual(b?.fullText, { rank: 1, score: 1 / 61, entry: { key: 'b' } })
  assert.deepEqual([a?.fullText, c?.vector], [null, null])
})

test('ties are broken by key', () => {
  assert.deepEqual(
    fuseRanks(ranked('z'), ranked('a')).map(f => f.key),
    ['a', 'z'],
  )
})

test('each key once, best first, the score the sum of its parts', () => {
  fc.assert(
    fc.property(ranking, ranking, (vector, fullText) => {
      const fused = fuseRanks(vector, fullText)
      const keys = new Set([...vector, ...fullText].map(entry => entry.key))
      assert.deepEqual(new Set(fused.map(f => f.key)), keys)
      assert.equal(fused.length, keys.size)
      fused.forEach((one, i) => {
        assert.equal(one.score, (one.vector?.score ?? 0) + (one.fullText?.score ?? 0))
        assert.ok(one.score <= (fused[i - 1]?.score ?? 1))
      })
    }),
  )
})
