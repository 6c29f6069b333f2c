import type { NanoUsd } from '../contract/money.ts'
import { type AmountTree, createAmountTree } from './amount-tree.ts'
import { type ReplayBalance, roomOf } from './replay-balance.ts'

/** A call that waits. */
export interface WaitingCall {
  /** Its place among all calls. */
  sequence: number
  atMs: number
  /** What it needs of each budget of its line. */
  amounts: readonly NanoUsd[]
  costNanoUsd: NanoUsd
  shadowNanoUsd: NanoUsd
  /** The budgets for whose sake it waits. */
  deferredBy: readonly ReplayBalance[]
}

/** The calls that wait and that the same budgets cover, in their order. */
export interface WaitingLine {
  readonly balances: readonly ReplayBalance[]
  count(): number
  push(call: WaitingCall): void
  /**
   * The first call behind `sequence` that does not have to wait longer: every budget that defers has room for it, or one that rejects
   * has none.
   */
  findNext(sequence: number): WaitingCall | null
  /** Whether every budget that defers has room for the call. */
  hasRoom(call: WaitingCall): boolean
  remove(call: WaitingCall): void
  /** The budgets that defer and have no room for some call of the line. */
  shortOf(): ReplayBalance[]
  calls(): WaitingCall[]
}

const leastCapacity = 16

/** A search takes logarithmic time where the amounts of a call are alike, however many calls wait. */
export function createWaitingLine(balances: readonly ReplayBalance[]): WaitingLine {
  const policies = balances.map(({ budget }) => budget.policy)
  const slots = balances.length
  let places: { sequence: number; call: WaitingCall | null }[] = []
  let tree = createAmountTree(leastCapacity, slots, [])
  let count = 0

  /** Into a tree with room for half as many more as still wait. */
  function move(): void {
    places = places.filter(({ call }) => call !== null)
    const capacity = Math.max(leastCapacity, 2 ** Math.ceil(Math.log2(1.5 * places.length)))
    const rows = places.map(({ call }) => call?.amounts ?? [])
    tree = createAmountTree(capacity, slots, rows)
  }

  return {
    balances,
    count: () => count,
    push(call) {
      if (places.length === tree.capacity) move()
      tree.set(places.length, call.amounts)
      places.push({ sequence: call.sequence, call })
      count++
    },
    findNext(sequence) {
      const rooms = balances.map(roomOf)
      const found = tree.findFirst(firstBehind(places, sequence), node => mayEnd(tree, node, policies, rooms))
      return places[found]?.call ?? null
    },
    hasRoom: ({ amounts }) =>
      balances.every((balance, slot) => policies[slot] !== 'defer' || (amounts[slot] ?? 0n) <= roomOf(balance)),
    remove({ sequence }) {
      const index = firstBehind(places, sequence - 1)
      places[index] = { sequence, call: null }
      tree.set(index, null)
      count--
    },
    shortOf: () =>
      balances.filter(
        (balance, slot) => balance.budget.policy === 'defer' && (tree.most[slot]?.[1] ?? 0n) > roomOf(balance),
      ),
    calls: () => places.flatMap(({ call }) => call ?? []),
  }
}

/** Whether the wait of some call below the node may end. */
function mayEnd(
  { least, most }: AmountTree,
  node: number,
  policies: readonly ReplayBalance['budget']['policy'][],
  rooms: readonly NanoUsd[],
): boolean {
  let haveRoom = true
  for (let slot = 0; slot < policies.length; slot++) {
    const room = rooms[slot] ?? 0n
    if (policies[slot] === 'defer' && (least[slot]?.[node] ?? 0n) > room) haveRoom = false
    if (policies[slot] === 'reject' && (most[slot]?.[node] ?? 0n) > room) return true
  }
  return haveRoom
}

/** The first place with a greater sequence. */
function firstBehind(places: readonly { sequence: number }[], sequence: number): number {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle]?.sequence ?? 0) > sequence) high = middle
    else low = middle + 1
  }
  return low
}
