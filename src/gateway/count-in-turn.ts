const unitsInOneGo = 1 << 16

/** Counts texts without keeping everyone else waiting: a request may hold over a million characters. */
export async function countInTurn(texts: readonly string[], countTokens: (text: string) => number): Promise<number[]> {
  const counts: number[] = []
  let units = 0
  for (const text of texts) {
    units += text.length
    if (units > unitsInOneGo && counts.length > 0) {
      await new Promise(resolve => setImmediate(resolve))
      units = text.length
    }
    counts.push(countTokens(text))
  }
  return counts
}
