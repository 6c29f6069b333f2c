/** How many requests of this process may be under way: additive increase, multiplicative decrease. Pure. */
export interface Concurrency {
  /** May have a fraction; the whole part counts. */
  cap: number
  bound: number
  /** When it was cut last, in milliseconds of any clock. */
  cutAtMs: number
}

const startCap = 4

export function startConcurrency(bound: number): Concurrency {
  return { cap: Math.min(startCap, bound), bound, cutAtMs: Number.NEGATIVE_INFINITY }
}

/** One more for each round of answers. */
export function afterAnswer(state: Concurrency): Concurrency {
  return { ...state, cap: Math.min(state.bound, state.cap + 1 / state.cap) }
}

/** Half, but once for what was sent before the last cut: all of a round fail for the same reason. */
export function afterTrouble(state: Concurrency, sentAtMs: number, nowMs: number): Concurrency {
  if (sentAtMs <= state.cutAtMs) return state
  return { ...state, cap: Math.max(1, state.cap / 2), cutAtMs: nowMs }
}
