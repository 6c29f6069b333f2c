export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** 0 of nothing. */
export function meanOf(values: readonly number[]): number {
  return sumOf(values) / Math.max(1, values.length)
}

/** 0 of less than two. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return sumOf(values.map(value => (value - mean) ** 2)) / Math.max(1, values.length - 1)
}

/** The upper one of an even count; 0 of nothing. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
