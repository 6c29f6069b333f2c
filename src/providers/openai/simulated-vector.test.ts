import assert from 'node:assert/strict'
import { test } from 'node:test'
import pairs from './__fixtures__/questions.json' with { type: 'json' }
import { simulatedVector } from './simulated-vector.ts'

const space = 'text-embedding-3-small'
const embed = (text: string, dimensions = 1536) => simulatedVector(text, dimensions, space)
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
const sameSigns = (a: Float32Array, b: Float32Array) =>
  a.reduce((n, x, i) => n + (x > 0 === (b[i] ?? 0) > 0 ? 1 : 0), 0)

/** The share of questions whose own passage is the nearest of all. */
function recallAt1(dimensions: number, nearness: (a: Float32Array, b: Float32Array) => number): number {
  const passages = pairs.map(([, passage = '']) => embed(passage, dimensions))
  const right = pairs.filter(([question = ''], own) => {
    const scores = passages.map(passage => nearness(embed(question, dimensions), passage))
    return scores.indexOf(Math.max(...scores)) === own
  })
  return right.length / pairs.length
}

test('a question is nearest to the passage that answers it, for at least four of five', () => {
  assert.ok(recallAt1(1536, cosine) >= 0.8)
  assert.ok(recallAt1(512, cosine) >= 0.8)
})

test('the signs alone still find most of the right passages', () => {
  assert.ok(recallAt1(1536, sameSigns) >= 0.7)
})

test('the same text always has the same vector, whatever was embedded before', () => {
  const before = embed('Pumps lift the water to the hill.')
  embed('Something else entirely, and longer than the first text was.')
  assert.deepEqual(embed('Pumps lift the water to the hill.'), before)
})

test('vectors are bit for bit those of any other machine', () => {
  const [a = 0, b = 0, c = 0] = simulatedVector('water works', 8, space)
  assert.deepEqual([a, b, c], [-0.18171335756778717, 0.018865596503019333, 0.12262636423110962])
})

test('every text has a unit vector without zeros or NaN, also one without words', () => {
  for (const text of ['', ' ', '!?', '\u0000', '日本語の水道', '🚰', 'a', 'x'.repeat(50_000), '\ud800']) {
    for (const dimensions of [1, 3, 100, 256, 1536, 3072]) {
      const vector = embed(text, dimensions)
      assert.equal(vector.length, dimensions)
      assert.ok(
        Math.abs(cosine(vector, vector) - 1) < 1e-4,
        `norm of ${JSON.stringify(text.slice(0, 9))} in ${dimensions}`,
      )
    }
  }
})

test('even a short text fills most of the vector', () => {
  assert.ok(embed('leak').filter(x => Math.abs(x) > 1e-6).length > 1536 * 0.5)
})

test('inflected forms are near, unrelated texts are not', () => {
  assert.ok(cosine(embed('measuring leaks in pipes'), embed('measured a leak in the pipe')) > 0.6)
  assert.ok(Math.abs(cosine(embed('measuring leaks in pipes'), embed('sourdough bread recipe'))) < 0.15)
  assert.ok(cosine(embed('水道管の漏水調査'), embed('漏水調査の結果')) > 0.4)
})

test('two models are two spaces: the same text is not near itself across them', () => {
  const text = pairs[0]?.[1] ?? ''
  assert.ok(
    Math.abs(cosine(simulatedVector(text, 1536, space), simulatedVector(text, 1536, 'text-embedding-3-large'))) < 0.2,
  )
})

test('2,000 texts of 2 KB take less than two seconds', () => {
  const prose = pairs.flat().join(' ')
  const texts = Array.from({ length: 2000 }, (_, i) => prose.slice((i * 13) % 3000).slice(0, 2000))
  const startedMs = performance.now()
  for (const text of texts) embed(text)
  assert.ok(performance.now() - startedMs < 2000)
})
