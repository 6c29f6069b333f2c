import type { History, Step } from './ledger-steps.ts'

const share = { tags: [], hasKey: false, weight: 1 }
const same = { cost: 0n, shadow: 0n }
const budget = { kind: 'setBudget', service: null, money: 'real', tag: null, hasKey: false, total: false } as const
const call = {
  kind: 'reserve',
  process: 0,
  item: null,
  ofQuote: false,
  tenant: 0,
  service: 'parse',
  shadow: 0n,
} as const

function history(cap: bigint, steps: Step[]): History {
  return { unit: 'day', first: [{ ...budget, slot: 0, cap }], steps }
}

/** What once went wrong, or is rarely generated. */
export const rareHistories: readonly History[] = [
  // A call that costs more than nothing, though nothing was held for it.
  history(10n, [
    { ...call, cost: 0n, shares: [share] },
    { kind: 'settle', call: 0, difference: { cost: 5n, shadow: 0n }, twice: false },
  ]),
  // The same, of a budget that came later.
  history(10n, [
    { ...call, cost: 0n, shares: [share] },
    { ...budget, slot: 1, cap: 7n },
    { kind: 'settle', call: 0, difference: { cost: 5n, shadow: 0n }, twice: false },
  ]),
  // Of one nano-dollar for two shares the second holds none, but an overrun of two gives it one.
  history(10n, [
    { ...budget, slot: 1, cap: 7n, tag: 'b' },
    { ...call, cost: 1n, shares: [share, { ...share, tags: ['b'] }] },
    { kind: 'settle', call: 0, difference: { cost: 2n, shadow: 0n }, twice: false },
  ]),
  // The end of one call that two jobs have found.
  history(10n, [
    { ...call, cost: 4n, shares: [share] },
    { kind: 'settle', call: 0, difference: same, twice: true },
    { kind: 'settle', call: 0, difference: same, twice: false },
  ]),
  // A quote of yesterday gives its money back to yesterday's window, and makes no room in today's.
  history(30n, [
    { kind: 'quote', lifetime: 2, tenant: 0, service: 'parse', cost: 20n, shadow: 0n, share },
    { kind: 'windowEnds' },
    { ...call, cost: 35n, ofQuote: true, shares: [share] },
    { ...call, cost: 25n, ofQuote: true, shares: [share] },
    { kind: 'settle', call: 1, difference: same, twice: false },
  ]),
  // A free call that was booked in a window that nobody had opened yet.
  history(10n, [
    { ...budget, slot: 1, cap: 10n, money: 'shadow' },
    { kind: 'windowEnds' },
    { kind: 'bookFree', tenant: 0, service: 'parse', shadow: 6n, avoided: false, share },
    { ...call, cost: 0n, shadow: 5n, shares: [share] },
    { ...call, cost: 0n, shadow: 4n, shares: [share] },
  ]),
]
