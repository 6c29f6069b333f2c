import type { BudgetPolicy } from '../contract/budget-terms.ts'
import { AppError } from '../contract/failure.ts'
import type { NanoUsd } from '../contract/money.ts'
import {
  amountIn,
  createBalance,
  enterWindow,
  markExhausted,
  type ReplayBalance,
  type ReplayBudget,
  type ReplayCall,
  roomOf,
  spend,
} from './replay-balance.ts'
import { createReplayDays, type ReplayDay, type ReplayDays } from './replay-days.ts'
import { exhaustedPolicy } from './say-deferral.ts'
import { createWaitingLine, type WaitingCall, type WaitingLine } from './waiting-line.ts'

/** What became of the calls: `calls` = admitted + waiting + rejected + fallback. */
export interface ReplayTotals {
  calls: number
  admittedCalls: number
  waitingCalls: number
  rejectedCalls: number
  fallbackCalls: number
  /** Calls that waited at all, whatever became of them then. */
  deferredCalls: number
  costNanoUsd: NanoUsd
  shadowNanoUsd: NanoUsd
}

export interface ReplayResult {
  totals: ReplayTotals
  /** In the order of the budgets. */
  balances: readonly ReplayBalance[]
  days: ReplayDay[]
}

export interface Replay {
  /** The next call; times must not go back. */
  take(call: ReplayCall): void
  /** Up to `end`, without it. Nothing can be taken afterwards. */
  finish(end: Date): ReplayResult
}

/** Of calls that wait at once, each times the budgets that cover it: less than a gigabyte. */
const mostWaitingParts = 2_000_000

interface State {
  balances: readonly ReplayBalance[]
  /** By the budgets that cover their calls; none is empty. */
  lines: Map<string, WaitingLine>
  waitingParts: number
  totals: ReplayTotals
  days: ReplayDays
}

/** A call's part in a budget. */
interface Part {
  balance: ReplayBalance
  amount: NanoUsd
}

/** Replays all calls, in the order of their times, to `end`; `timeZone` says what a day is in the result. */
export function replayCalls(
  calls: Iterable<ReplayCall>,
  budgets: readonly ReplayBudget[],
  { end, timeZone }: { end: Date; timeZone: string },
): ReplayResult {
  const replay = createReplay(budgets, timeZone)
  for (const call of calls) replay.take(call)
  return replay.finish(end)
}

/**
 * Replays calls against budgets, one after the other. A call is admitted when every budget that covers a part of it has room for that
 * part in its window of that moment. Otherwise the strictest policy of those without room decides: it is rejected, waits, or goes to the
 * free provider. Whenever a budget's window begins, the calls that wait and that it covers are tried again first, in their order; one that
 * does not fit is passed over. Windows begin empty. Memory: about 400 bytes for each call that waits and each budget that covers it, a
 * number for each wait, a line for each day. Throws `validation_failed` when more wait at once than `mostWaitingParts`.
 */
export function createReplay(budgets: readonly ReplayBudget[], timeZone: string): Replay {
  const state: State = {
    balances: budgets.map(createBalance),
    lines: new Map(),
    waitingParts: 0,
    totals: noTotals(),
    days: createReplayDays(timeZone),
  }
  return {
    take(call) {
      openWindows(state, call.at, true)
      arrive(state, call)
    },
    finish(end) {
      openWindows(state, end, false)
      for (const line of state.lines.values())
        for (const call of line.calls())
          for (const { waitsMs } of call.deferredBy) waitsMs.push(end.getTime() - call.atMs)
      return { totals: state.totals, balances: state.balances, days: state.days.list() }
    },
  }
}

function arrive(state: State, call: ReplayCall): void {
  const { totals } = state
  const sequence = totals.calls++
  const parts: Part[] = []
  for (const balance of state.balances) {
    const amount = amountIn(balance.budget, call)
    if (amount > 0n) parts.push({ balance, amount })
  }
  for (const { balance } of parts) enterWindow(balance, call.at)
  let costNanoUsd = 0n
  let shadowNanoUsd = 0n
  for (const share of call.shares) {
    costNanoUsd += share.costNanoUsd
    shadowNanoUsd += share.shadowNanoUsd
  }
  const outcome = settle(state, parts, call.at, { costNanoUsd, shadowNanoUsd })
  if (outcome?.policy !== 'defer') return
  state.waitingParts += parts.length
  if (state.waitingParts > mostWaitingParts) throw tooManyWait(totals.waitingCalls)
  totals.deferredCalls++
  totals.waitingCalls++
  state.days.defer(call.at)
  const deferredBy = outcome.because
  for (const balance of deferredBy) {
    balance.deferredCalls++
    balance.waitingCalls++
  }
  const amounts = parts.map(({ amount }) => amount)
  lineOf(state, parts).push({ sequence, atMs: call.at.getTime(), amounts, costNanoUsd, shadowNanoUsd, deferredBy })
}

/** Spends what a call needs (null), or says by which policy it is not made now and because of which budgets. */
function settle(
  { totals, days }: State,
  parts: readonly Part[],
  at: Date,
  amounts: Pick<WaitingCall, 'costNanoUsd' | 'shadowNanoUsd'>,
): { policy: BudgetPolicy; because: ReplayBalance[] } | null {
  const short = parts.filter(({ balance, amount }) => amount > roomOf(balance)).map(({ balance }) => balance)
  if (short.length === 0) {
    for (const { balance, amount } of parts) spend(balance, amount)
    totals.admittedCalls++
    totals.costNanoUsd += amounts.costNanoUsd
    totals.shadowNanoUsd += amounts.shadowNanoUsd
    days.spend(at, amounts)
    return null
  }
  for (const balance of short) markExhausted(balance, at)
  const policy = exhaustedPolicy(short.map(({ budget }) => budget))
  const because = short.filter(({ budget }) => budget.policy === policy)
  if (policy === 'reject') {
    totals.rejectedCalls++
    for (const balance of because) balance.rejectedCalls++
  } else if (policy === 'fallback') {
    totals.fallbackCalls++
    for (const balance of because) balance.fallbackCalls++
  }
  return { policy, because }
}

/** Lets calls in that wait, at each beginning of a window before `until`, or also at that moment. */
function openWindows(state: State, until: Date, isIncluded: boolean): void {
  while (state.lines.size > 0) {
    let next: Date | null = null
    for (const { window } of state.balances) if (window && (next === null || window.end < next)) next = window.end
    if (next === null || next > until || (!isIncluded && next >= until)) return
    openAt(state, next)
  }
}

function openAt(state: State, at: Date): void {
  const opened = state.balances.filter(({ window }) => window && window.end <= at)
  for (const balance of opened) enterWindow(balance, at)
  const tried = [...state.lines.values()].filter(({ balances }) => balances.some(one => opened.includes(one)))
  letIn(state, tried, at)
  for (const line of tried) for (const balance of line.shortOf()) markExhausted(balance, at)
  for (const [key, line] of state.lines) if (line.count() === 0) state.lines.delete(key)
}

/**
 * Ends waits in the order of all calls. As room only shrinks, the first call of a line can have become too large when its turn comes,
 * but none before it can have come to fit; only a budget that rejects can end the wait of one that was passed over.
 */
function letIn(state: State, lines: readonly WaitingLine[], at: Date): void {
  const firsts = new Map(lines.map(line => [line, line.findNext(-1)]))
  const strict = lines.filter(({ balances }) => balances.some(({ budget }) => budget.policy === 'reject'))
  for (;;) {
    const next = earliest(firsts)
    if (next === null) return
    const { line, call } = next
    if (strict.includes(line) || line.hasRoom(call)) {
      line.remove(call)
      endWait(state, line, call, at)
      for (const other of strict) firsts.set(other, other.findNext(call.sequence))
    }
    firsts.set(line, line.findNext(call.sequence))
  }
}

function earliest(firsts: ReadonlyMap<WaitingLine, WaitingCall | null>) {
  let found: { line: WaitingLine; call: WaitingCall } | null = null
  for (const [line, call] of firsts)
    if (call !== null && (found === null || call.sequence < found.call.sequence)) found = { line, call }
  return found
}

function endWait(state: State, line: WaitingLine, call: WaitingCall, at: Date): void {
  const parts = line.balances.map((balance, slot) => ({ balance, amount: call.amounts[slot] ?? 0n }))
  settle(state, parts, at, call)
  state.totals.waitingCalls--
  state.waitingParts -= parts.length
  for (const balance of call.deferredBy) {
    balance.waitingCalls--
    balance.waitsMs.push(at.getTime() - call.atMs)
  }
}

function lineOf({ balances, lines }: State, parts: readonly Part[]): WaitingLine {
  const key = parts.map(({ balance }) => balances.indexOf(balance)).join()
  const line = lines.get(key) ?? createWaitingLine(parts.map(({ balance }) => balance))
  lines.set(key, line)
  return line
}

function tooManyWait(waitingCalls: number): AppError {
  return new AppError(
    'validation_failed',
    `More than ${waitingCalls} calls would wait at once, too many to replay. Raise the caps, shorten the period, or replay fewer budgets.`,
  )
}

function noTotals(): ReplayTotals {
  const counts = { calls: 0, admittedCalls: 0, waitingCalls: 0, rejectedCalls: 0, fallbackCalls: 0, deferredCalls: 0 }
  return { ...counts, costNanoUsd: 0n, shadowNanoUsd: 0n }
}
