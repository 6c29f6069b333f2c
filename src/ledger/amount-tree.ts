import type { NanoUsd } from '../contract/money.ts'

/** A segment tree over places, each empty or with an amount for every slot. Node 1 is the root, those of `n` are `2n` and `2n + 1`. */
export interface AmountTree {
  /** How many places there are; a power of two. */
  readonly capacity: number
  /** The least amount below a node, by slot and node; beyond all amounts where all places are empty. */
  readonly least: readonly NanoUsd[][]
  /** The most, 0 where all places are empty. */
  readonly most: readonly NanoUsd[][]
  /** Fills a place, or empties it. */
  set(place: number, amounts: readonly NanoUsd[] | null): void
  /** The first place from `from` on with an amount that may pass; `isPossible` says whether one below a node may. -1: none. */
  findFirst(from: number, isPossible: (node: number) => boolean): number
}

const beyondAll = 1n << 200n

/** Fills the first places with `rows`, in linear time. */
export function createAmountTree(capacity: number, slots: number, rows: readonly (readonly NanoUsd[])[]): AmountTree {
  const least = Array.from({ length: slots }, () => new Array<NanoUsd>(2 * capacity).fill(beyondAll))
  const most = Array.from({ length: slots }, () => new Array<NanoUsd>(2 * capacity).fill(0n))

  function fill(place: number, amounts: readonly NanoUsd[] | null): void {
    for (let slot = 0; slot < slots; slot++) {
      put(least, slot, capacity + place, amounts?.[slot] ?? beyondAll)
      put(most, slot, capacity + place, amounts?.[slot] ?? 0n)
    }
  }

  function sumUp(node: number): void {
    for (let slot = 0; slot < slots; slot++) {
      const [l1, l2] = [at(least, slot, 2 * node), at(least, slot, 2 * node + 1)]
      const [m1, m2] = [at(most, slot, 2 * node), at(most, slot, 2 * node + 1)]
      put(least, slot, node, l1 < l2 ? l1 : l2)
      put(most, slot, node, m1 > m2 ? m1 : m2)
    }
  }

  function search(
    node: number,
    low: number,
    high: number,
    from: number,
    isPossible: (node: number) => boolean,
  ): number {
    if (high <= from || !isPossible(node)) return -1
    if (high - low === 1) return low
    const middle = (low + high) / 2
    const found = search(2 * node, low, middle, from, isPossible)
    return found >= 0 ? found : search(2 * node + 1, middle, high, from, isPossible)
  }

  for (const [place, amounts] of rows.entries()) fill(place, amounts)
  for (let node = capacity - 1; node > 0; node--) sumUp(node)
  return {
    capacity,
    least,
    most,
    set(place, amounts) {
      fill(place, amounts)
      for (let node = (capacity + place) >> 1; node > 0; node >>= 1) sumUp(node)
    },
    findFirst: (from, isPossible) => search(1, 0, capacity, from, isPossible),
  }
}

function at(amounts: readonly NanoUsd[][], slot: number, node: number): NanoUsd {
  return amounts[slot]?.[node] ?? 0n
}

function put(amounts: NanoUsd[][], slot: number, node: number, amount: NanoUsd): void {
  const ofSlot = amounts[slot]
  if (ofSlot) ofSlot[node] = amount
}
