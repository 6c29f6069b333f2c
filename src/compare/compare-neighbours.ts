import type { Comparison } from '../contract/comparison.ts'

/** A chunk with its vector; offsets are into the page's text. */
export interface EmbeddedChunk {
  pageNumber: number
  words: ReadonlySet<string>
  vector: Float32Array
}

export const neighboursCompared = 5
/** The work grows with the square of the chunks. */
export const mostChunks = 300

/**
 * Whether both versions would find the same: of the five nearest chunks of each chunk of `a`, how many are, by their words, among the five nearest
 * of the chunk in `b` that is most like it. The vectors of the two are never compared with each other. Null without enough chunks.
 */
export function compareNeighbours(a: readonly EmbeddedChunk[], b: readonly EmbeddedChunk[]): Comparison['neighbours'] {
  const [left, right] = [a.slice(0, mostChunks), b.slice(0, mostChunks)]
  const k = Math.min(neighboursCompared, left.length - 1, right.length - 1)
  if (k < 1) return null
  const twins = left.map(chunk => mostAlike(chunk, right))
  const [nearA, nearB] = [nearest(left, k), nearest(right, k)]
  let agreed = 0
  let compared = 0
  for (const [i, twin] of twins.entries()) {
    if (twin === null) continue
    compared++
    const there = new Set(nearB[twin])
    agreed += (nearA[i] ?? []).filter(j => {
      const other = twins[j]
      return other !== null && other !== undefined && there.has(other)
    }).length
  }
  return compared === 0 ? null : { agreement: agreed / (compared * k), chunksCompared: compared, k }
}

/** Less than this share of words in common is another text. */
const leastAlike = 0.2

function mostAlike({ words }: EmbeddedChunk, others: readonly EmbeddedChunk[]): number | null {
  let best: number | null = null
  let bestShare = leastAlike
  for (const [i, other] of others.entries()) {
    let shared = 0
    for (const word of words) if (other.words.has(word)) shared++
    const share = (2 * shared) / Math.max(1, words.size + other.words.size)
    if (share > bestShare) [best, bestShare] = [i, share]
  }
  return best
}

/** The indices of the k nearest others of each, by cosine. */
function nearest(chunks: readonly EmbeddedChunk[], k: number): number[][] {
  const units = chunks.map(({ vector }) => normalized(vector))
  return units.map((own, i) =>
    units
      .map((other, j) => ({ j, similarity: i === j ? Number.NEGATIVE_INFINITY : dot(own, other) }))
      .sort((x, y) => y.similarity - x.similarity)
      .slice(0, k)
      .map(({ j }) => j),
  )
}

function normalized(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector)) || 1
  return vector.map(x => x / norm)
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
