import { absent } from './byte-table.ts'
import { createNumberHeap } from './number-heap.ts'
import type { TokenRanks } from './token-ranks.ts'

export interface ByteMerger {
  /** The number of tokens of `bytes[0..length)`, one pre-tokenizer piece. */
  count(bytes: Uint8Array, length: number): number
  /** Where the first `tokenCount` tokens of the last counted piece end, in bytes, or `null` if it has no more than these. */
  endOfTokens(tokenCount: number): number | null
}

/**
 * Byte pair merging: again and again the pair with the lowest rank (the leftmost of equals) becomes one token. Parts are a
 * linked list over the bytes and candidates wait in a heap, so that n bytes take n log n steps, not n².
 */
export function createByteMerger(tokenRanks: TokenRanks): ByteMerger {
  const candidates = createNumberHeap(2 * keptBytes)
  let size = 0
  let next = new Int32Array(keptBytes + 1)
  let previous = new Int32Array(keptBytes + 1)
  let ranks = new Int32Array(keptBytes + 1)

  function reset(length: number): void {
    const capacity = Math.max(length, keptBytes) + 1
    if (capacity !== next.length) {
      next = new Int32Array(capacity)
      previous = new Int32Array(capacity)
      ranks = new Int32Array(capacity)
    }
    candidates.reset(2 * length)
    size = length
    for (let i = 0; i <= length; i++) {
      next[i] = i + 1
      previous[i] = i - 1
    }
  }

  /** Ranks the pair that begins at `at`; a candidate holds rank and position, so the lowest is the next merge. */
  function offer(bytes: Uint8Array, at: number): void {
    const second = next[at] as number
    const rank = second < size ? tokenRanks.rankOf(bytes, at, next[second] as number) : absent
    ranks[at] = rank
    if (rank !== absent) candidates.push(rank * positions + at)
  }

  function count(bytes: Uint8Array, length: number): number {
    reset(length)
    for (let i = 0; i + 1 < length; i++) offer(bytes, i)
    let parts = length
    while (candidates.size > 0) {
      const candidate = candidates.pop()
      const rank = Math.floor(candidate / positions)
      const at = candidate - rank * positions
      // a candidate is stale when its part has been merged away or has grown since
      if (ranks[at] !== rank) continue
      const gone = next[at] as number
      const after = next[gone] as number
      next[at] = after
      previous[after] = at
      ranks[gone] = absent
      parts--
      offer(bytes, at)
      if (at > 0) offer(bytes, previous[at] as number)
    }
    return parts
  }

  function endOfTokens(tokenCount: number): number | null {
    let at = 0
    for (let n = 0; n < tokenCount && at < size; n++) at = next[at] as number
    return at < size ? at : null
  }
  return { count, endOfTokens }
}

/** Above any piece's length in bytes; rank × positions stays exact in a double. */
const positions = 2 ** 32
/** Scratch space for longer pieces is given back at the next short one. */
const keptBytes = 1 << 14
