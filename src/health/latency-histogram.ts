/** Upper bounds of the classes that latencies are counted in, in milliseconds; the last class has none. */
export const latencyBoundsMs = [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000] as const

export function emptyHistogram(): number[] {
  return latencyBoundsMs.map(() => 0).concat(0)
}

/** The class of a latency. */
export function classOf(latencyMs: number): number {
  const index = latencyBoundsMs.findIndex(bound => latencyMs <= bound)
  return index < 0 ? latencyBoundsMs.length : index
}

/** The bound below which the share (0 to 1) of the latencies lies; null without any. Beyond the last bound it is that bound. */
export function percentile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let seen = 0
  for (const [i, count] of counts.entries()) {
    seen += count
    if (seen >= share * total) return latencyBoundsMs[i] ?? latencyBoundsMs.at(-1) ?? null
  }
  return latencyBoundsMs.at(-1) ?? null
}
