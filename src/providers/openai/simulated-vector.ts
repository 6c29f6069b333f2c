import { createFeatureTable, type FeatureTable } from './feature-table.ts'
import { hashText, mix } from './hash.ts'
import { readWordFeatures } from './word-features.ts'

/**
 * A deterministic stand-in for an embedding: a unit vector of `dimensions` numbers, dense, in which texts that share words
 * (also inflected) are near each other. `space` names the model: vectors of two spaces have nothing to do with each other.
 * Any text has a vector, also an empty one. Bit for bit the same on every machine (only + - * / and square roots).
 */
export function simulatedVector(text: string, dimensions: number, space: string): Float32Array {
  features.clear()
  readWordFeatures(text, features)
  // A little of the text as it stands, so that no two texts have the same vector.
  features.add(mix(hashText(text)), features.size() === 0 ? 1 : ownPart)
  const vector = new Float32Array(dimensions)
  const seed = hashText(space)
  features.forEach((hash, weight, count) => {
    scatter(vector, mix(hash ^ seed), weight * Math.sqrt(count))
  })
  rotate(vector)
  normalize(vector)
  return vector
}

// One table for all calls: the function is synchronous, and a new table per text would cost more than the work itself.
const features: FeatureTable = createFeatureTable()

/** Beside a word's 1: too little to matter for nearness. */
const ownPart = 0.05
const placesPerFeature = 4

/** Adds the weight at a few places that the hash decides, with signs that it decides too. */
function scatter(vector: Float32Array, hash: number, weight: number): void {
  let state = hash
  for (let i = 0; i < placesPerFeature; i++) {
    state = mix(state + 0x9e3779b9)
    const place = ((state >>> 16) * vector.length) >>> 16
    vector[place] = (vector[place] as number) + (state & 1 ? weight : -weight)
  }
}

/**
 * Spreads the few places of each feature over all numbers without changing any angle, by Walsh–Hadamard transforms of the
 * first and of the last 2^k numbers. So the vectors are as dense as real ones, and their signs alone keep the order of nearness.
 */
function rotate(vector: Float32Array): void {
  const width = 1 << (31 - Math.clz32(vector.length))
  transform(vector, 0, width)
  if (width < vector.length) transform(vector, vector.length - width, width)
}

function transform(vector: Float32Array, start: number, width: number): void {
  for (let half = 1; half < width; half *= 2) {
    for (let block = start; block < start + width; block += half * 2) {
      for (let i = block; i < block + half; i++) {
        const a = vector[i] as number
        const b = vector[i + half] as number
        vector[i] = (a + b) * Math.SQRT1_2
        vector[i + half] = (a - b) * Math.SQRT1_2
      }
    }
  }
}

function normalize(vector: Float32Array): void {
  let sumOfSquares = 0
  for (let i = 0; i < vector.length; i++) sumOfSquares += (vector[i] as number) ** 2
  // Signed weights at the same places could cancel out exactly; such a text still needs a vector.
  if (sumOfSquares < 1e-12) {
    vector[0] = 1
    sumOfSquares = 1
  }
  const scale = 1 / Math.sqrt(sumOfSquares)
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * scale
}
