export interface FeatureTable {
  /** Counts the feature once more; the weight of its first time stays. */
  add(hash: number, weight: number): void
  size(): number
  forEach(visit: (hash: number, weight: number, count: number) => void): void
  clear(): void
}

/** Counts hashed features without a string or object per feature. Above 24,576 different ones, new ones are left out. */
export function createFeatureTable(): FeatureTable {
  const capacity = 32_768
  const hashes = new Int32Array(capacity)
  const weights = new Float64Array(capacity)
  const counts = new Uint32Array(capacity)
  const used = new Uint16Array(capacity)
  let size = 0
  return {
    add(hash, weight) {
      let slot = hash & (capacity - 1)
      while (counts[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & (capacity - 1)
      if (counts[slot] === 0) {
        if (size >= capacity * 0.75) return
        hashes[slot] = hash
        weights[slot] = weight
        used[size++] = slot
      }
      counts[slot] = (counts[slot] as number) + 1
    },
    size: () => size,
    forEach(visit) {
      for (let i = 0; i < size; i++) {
        const slot = used[i] as number
        visit(hashes[slot] as number, weights[slot] as number, counts[slot] as number)
      }
    },
    clear() {
      for (let i = 0; i < size; i++) counts[used[i] as number] = 0
      size = 0
    },
  }
}
