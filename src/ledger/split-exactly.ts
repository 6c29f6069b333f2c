/**
 * Splits `total` over `weights` (each ≥ 0, not all 0) so that the parts add up to it exactly: whole shares first, the
 * remainder one by one to the largest fractions (Hamilton's method), ties to the earlier.
 */
export function splitExactly(total: bigint, weights: readonly number[]): bigint[] {
  const exact = weights.map(w => BigInt(w))
  const sum = exact.reduce((a, b) => a + b, 0n)
  if (sum === 0n) return exact.map((_, i) => (i === 0 ? total : 0n))
  const parts = exact.map(w => (total * w) / sum)
  const left = Number(total - parts.reduce((a, b) => a + b, 0n))
  const byFraction = exact
    .map((w, i) => ({ i, fraction: (total * w) % sum }))
    .sort((a, b) => (a.fraction === b.fraction ? a.i - b.i : a.fraction > b.fraction ? -1 : 1))
  for (const { i } of byFraction.slice(0, left)) parts[i] = (parts[i] ?? 0n) + 1n
  return parts
}
