import { AppError } from '../../contract/failure.ts'

/** Fails with `vector_invalid` for a vector that another text has had. */
export type CheckRepeats = (texts: readonly string[], vectors: readonly Float32Array[], call: string) => void

/** In fewer dimensions two texts can well have the same vector. */
const fromDimensions = 64
const remembered = 20_000
const comparedNumbers = 4

/**
 * Remembers the last vectors of a model by their first numbers: one that comes again for another text was mixed up, or made of a part that
 * both have (some servers cut long texts silently). Texts that differ only in case, accents or blanks may share one: some models ignore
 * those.
 */
export function createRepeatCheck(): CheckRepeats {
  const seen = new Map<string, { text: string; vector: Float32Array }>()
  return (texts, vectors, call) => {
    for (const [i, vector] of vectors.entries()) {
      if (vector.length < fromDimensions) return
      const text = plain(texts[i] ?? '')
      const key = vector.subarray(0, comparedNumbers).join()
      const other = seen.get(key)
      if (other && other.text !== text && isEqual(other.vector, vector)) {
        const which = `the vector of text ${i + 1} is that of another text`
        throw new AppError('vector_invalid', `${call}: ${which}. Does the server mix them up, or cut long texts?`)
      }
      if (seen.size >= remembered) seen.clear()
      // Some more numbers than the key has, so that a chance is excluded without keeping all of it.
      seen.set(key, { text, vector: vector.slice(0, fromDimensions) })
    }
  }
}

function isEqual(kept: Float32Array, vector: Float32Array): boolean {
  return kept.every((x, i) => x === vector[i])
}

/** A short name of what a model that ignores case, accents and blanks sees. */
function plain(text: string): string {
  const seen = text
    .normalize('NFKD')
    .replaceAll(/\p{M}|\s+/gu, '')
    .toLowerCase()
  let hash = 5_381
  for (let i = 0; i < seen.length; i++) hash = (Math.imul(hash, 33) ^ seen.charCodeAt(i)) | 0
  return `${seen.length}/${hash}`
}
