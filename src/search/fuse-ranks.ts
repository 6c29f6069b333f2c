/** One ranking's entry: `key` names the chunk, best first. */
export interface Ranked {
  key: string
}
export interface Fused<V extends Ranked, T extends Ranked> {
  key: string
  score: number
  vector: { rank: number; score: number; entry: V } | null
  fullText: { rank: number; score: number; entry: T } | null
}

const rrfConstant = 60

/**
 * Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): each ranking gives 1 / (60 + rank), ranks from 1. Ties are broken by
 * key, so that the same rankings always give the same order.
 */
export function fuseRanks<V extends Ranked, T extends Ranked>(
  vector: readonly V[],
  fullText: readonly T[],
): Fused<V, T>[] {
  const fused = new Map<string, Fused<V, T>>()
  const at = (key: string) => {
    const known = fused.get(key) ?? { key, score: 0, vector: null, fullText: null }
    fused.set(key, known)
    return known
  }
  vector.forEach((entry, i) => {
    at(entry.key).vector = { rank: i + 1, score: 1 / (rrfConstant + i + 1), entry }
  })
  fullText.forEach((entry, i) => {
    at(entry.key).fullText = { rank: i + 1, score: 1 / (rrfConstant + i + 1), entry }
  })
  for (const one of fused.values()) one.score = (one.vector?.score ?? 0) + (one.fullText?.score ?? 0)
  return [...fused.values()].sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
}
