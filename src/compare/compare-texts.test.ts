import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compareNeighbours, type EmbeddedChunk } from './compare-neighbours.ts'
import { compareTexts } from './compare-texts.ts'
import { stageTimes } from './stage-times.ts'

const page = (pageNumber: number, markdown: string) => ({ pageNumber, markdown })

test('words are compared in order and at all, without the marks of Markdown, and the most different page is shown', () => {
  const a = [page(1, '# The deep well\n\nholds water'), page(2, 'one two three four')]
  const b = [page(1, 'The **deep** well holds water'), page(2, 'four three two one')]
  const { similarity, mostDifferentPage } = compareTexts(a, b)
  assert.equal(similarity.words, 1)
  assert.equal(similarity.inOrder, (10 + 2) / 18)
  assert.equal(mostDifferentPage?.pageNumber, 2)
  assert.deepEqual(new Set(mostDifferentPage?.parts.map(part => part.kind)), new Set(['a', 'b', 'both']))
})

test('compared with itself everything is the same; both ways round the numbers are', () => {
  const text = fc
    .array(fc.constantFrom('well', 'pump', 'water', 'loud', '| a |'), { maxLength: 30 })
    .map(w => w.join(' '))
  const pages = fc.array(text, { maxLength: 4 }).map(all => all.map((markdown, i) => page(i + 1, markdown)))
  fc.assert(
    fc.property(pages, pages, (a, b) => {
      const same = compareTexts(a, a)
      assert.deepEqual([same.similarity.inOrder, same.similarity.words, same.mostDifferentPage], [1, 1, null])
      const [there, back] = [compareTexts(a, b).similarity, compareTexts(b, a).similarity]
      assert.deepEqual([there.inOrder, there.words], [back.inOrder, back.words])
      assert.ok(there.inOrder <= there.words + 1e-9)
    }),
  )
})

test('a page where nearly all differs is compared without its order, and is counted', () => {
  const words = (from: number) => Array.from({ length: 3_000 }, (_, i) => `w${from + i}`).join(' ')
  const { similarity } = compareTexts([page(1, words(0))], [page(1, words(10_000))])
  assert.deepEqual([similarity.words, similarity.pagesTooDifferent], [0, 1])
})

const chunk = (words: string, ...vector: number[]): EmbeddedChunk => {
  return { pageNumber: 1, words: new Set(words.split(' ')), vector: Float32Array.from(vector) }
}

test('search agrees where each chunk has the same neighbours, whatever the vectors are', () => {
  const a = [chunk('a b', 1, 0), chunk('c d', 0.9, 0.1), chunk('e f', 0, 1), chunk('g h', 0.1, 0.9)]
  const turned = [chunk('a b', 0, 1), chunk('c d', 0.1, 0.9), chunk('e f', -1, 0), chunk('g h', -0.9, 0.1)]
  assert.deepEqual(compareNeighbours(a.slice(0, 2), turned.slice(0, 2)), { agreement: 1, chunksCompared: 2, k: 1 })
  assert.equal(compareNeighbours(a, a)?.agreement, 1)
  assert.equal(compareNeighbours(a.slice(0, 1), a), null)
  assert.equal(compareNeighbours(a, [chunk('x', 1, 0), chunk('y', 0, 1)]), null)
})

test('time is work between a claim and its end, and waiting otherwise', () => {
  const at = (ms: number, stage: 'parse' | 'chunk', reason: string) => ({ at: new Date(ms), stage, reason })
  const events = [
    at(0, 'parse', 'created'),
    at(10, 'parse', 'claimed'),
    at(40, 'parse', 'handed_over'),
    at(540, 'parse', 'woken'),
    at(550, 'parse', 'claimed'),
    at(570, 'chunk', 'stage_done'),
    at(580, 'chunk', 'claimed'),
  ]
  const times = stageTimes(events, [{ service: 'parse', providerMs: 480 }])
  assert.deepEqual(times[0], { stage: 'parse', workMs: 50, waitedMs: 520, providerMs: 480 })
  assert.deepEqual(times[1], { stage: 'chunk', workMs: 0, waitedMs: 10, providerMs: null })
})
