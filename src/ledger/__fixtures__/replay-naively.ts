import type { BudgetPolicy } from '../../contract/budget-terms.ts'
import { budgetWindow } from '../budget-window.ts'
import { amountIn, type ReplayBudget, type ReplayCall } from '../replay-balance.ts'

interface Waiting {
  call: ReplayCall
  deferredBy: Count[]
}

/** What one budget did. */
interface Count {
  budget: ReplayBudget
  /** By the first moment of each window. */
  used: Map<number, bigint>
  exhausted: Map<number, Date>
  deferredCalls: number
  rejectedCalls: number
  fallbackCalls: number
  waitsMs: number[]
}

interface Span {
  end: Date
  timeZone: string
}

/**
 * The rules of `createReplay` word by word: every call that waits is tried at every beginning of a window of a budget that covers it, one
 * after the other.
 */
export function replayNaively(calls: readonly ReplayCall[], budgets: readonly ReplayBudget[], { end, timeZone }: Span) {
  const counts = budgets.map(createCount)
  const admissions: { call: ReplayCall; at: Date }[] = []
  const deferrals: { call: ReplayCall; at: Date }[] = []
  const refused = { rejectedCalls: 0, fallbackCalls: 0 }
  let waiting: Waiting[] = []

  function attempt(call: ReplayCall, at: Date): { policy: BudgetPolicy | null; because: Count[] } {
    const short = shortOf(counts, call, at)
    const policy = strictest(short)
    if (policy === null) {
      admissions.push({ call, at })
      for (const count of counts) if (needs(count, call) > 0n) use(count, at, needs(count, call))
    }
    const because = short.filter(({ budget }) => budget.policy === policy)
    if (policy === 'reject' || policy === 'fallback') {
      const name = policy === 'reject' ? 'rejectedCalls' : 'fallbackCalls'
      refused[name]++
      for (const count of because) count[name]++
      for (const count of short) mark(count, at)
    }
    return { policy, because }
  }
  function tryWaiting(at: Date): void {
    const begun = counts.filter(count => windowOf(count, at) === at.getTime())
    const tried = waiting.filter(({ call }) => begun.some(count => needs(count, call) > 0n))
    for (const one of tried) {
      if (attempt(one.call, at).policy === 'defer') continue
      waiting = waiting.filter(other => other !== one)
      for (const { waitsMs } of one.deferredBy) waitsMs.push(at.getTime() - one.call.at.getTime())
    }
    for (const one of tried.filter(other => waiting.includes(other)))
      for (const count of shortOf(counts, one.call, at)) if (count.budget.policy === 'defer') mark(count, at)
  }

  for (const { at, call } of eventsOf(calls, budgets, end)) {
    if (call === null) {
      tryWaiting(at)
      continue
    }
    const { policy, because } = attempt(call, at)
    if (policy !== 'defer') continue
    for (const count of shortOf(counts, call, at)) mark(count, at)
    for (const count of because) count.deferredCalls++
    deferrals.push({ call, at })
    waiting.push({ call, deferredBy: because })
  }
  for (const { call, deferredBy } of waiting)
    for (const { waitsMs } of deferredBy) waitsMs.push(end.getTime() - call.at.getTime())

  const totals = {
    calls: calls.length,
    admittedCalls: admissions.length,
    waitingCalls: waiting.length,
    deferredCalls: deferrals.length,
    ...refused,
    ...sumsOf(admissions),
  }
  const days = [...new Set([...admissions, ...deferrals].map(({ at }) => dayOf(at, timeZone)))].sort().map(day => ({
    day,
    ...sumsOf(admissions.filter(({ at }) => dayOf(at, timeZone) === day)),
    deferredCalls: deferrals.filter(({ at }) => dayOf(at, timeZone) === day).length,
  }))
  return { admissions, counts: { totals, days, balances: counts.map(count => toBalance(count, waiting)) } }
}

const createCount = (budget: ReplayBudget): Count => ({
  budget,
  used: new Map(),
  exhausted: new Map(),
  deferredCalls: 0,
  rejectedCalls: 0,
  fallbackCalls: 0,
  waitsMs: [],
})

const needs = ({ budget }: Count, call: ReplayCall) => amountIn(budget, call)
const windowOf = ({ budget }: Count, at: Date) => budgetWindow(budget.period, budget.timeZone, at).start.getTime()
const usedAt = (count: Count, at: Date) => count.used.get(windowOf(count, at)) ?? 0n
const use = (count: Count, at: Date, amount: bigint) => count.used.set(windowOf(count, at), usedAt(count, at) + amount)

function shortOf(counts: readonly Count[], call: ReplayCall, at: Date): Count[] {
  return counts.filter(count => {
    const amount = needs(count, call)
    return amount > 0n && usedAt(count, at) + amount > count.budget.capNanoUsd
  })
}

function strictest(short: readonly Count[]): BudgetPolicy | null {
  for (const policy of ['reject', 'defer', 'fallback'] as const)
    if (short.some(({ budget }) => budget.policy === policy)) return policy
  return null
}

function mark(count: Count, at: Date): void {
  const start = windowOf(count, at)
  if (!count.exhausted.has(start)) count.exhausted.set(start, at)
}

/** The calls, and before them the beginnings of windows (`call` null). */
function eventsOf(calls: readonly ReplayCall[], budgets: readonly ReplayBudget[], end: Date) {
  const first = calls[0]?.at ?? end
  const beginnings = new Set<number>()
  for (const { period, timeZone } of budgets)
    for (let at = budgetWindow(period, timeZone, first).end; at < end; at = budgetWindow(period, timeZone, at).end)
      beginnings.add(at.getTime())
  return [
    ...[...beginnings].map(atMs => ({ at: new Date(atMs), call: null })),
    ...calls.map(call => ({ at: call.at, call })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.call ? 1 : 0) - (b.call ? 1 : 0))
}

function sumsOf(some: readonly { call: ReplayCall }[]) {
  const shares = some.flatMap(({ call }) => call.shares)
  return {
    costNanoUsd: shares.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n),
    shadowNanoUsd: shares.reduce((sum, { shadowNanoUsd }) => sum + shadowNanoUsd, 0n),
  }
}

function toBalance(count: Count, waiting: readonly Waiting[]) {
  const { used, exhausted, waitsMs, ...rest } = count
  const moments = [...exhausted.values()].sort((a, b) => a.getTime() - b.getTime())
  return {
    ...rest,
    windowsExhausted: moments.length,
    firstExhaustedAt: moments[0] ?? null,
    mostUsedNanoUsd: [...used.values()].reduce((most, amount) => (amount > most ? amount : most), 0n),
    waitingCalls: waiting.filter(({ deferredBy }) => deferredBy.includes(count)).length,
    waitsMs: waitsMs.toSorted((a, b) => a - b),
  }
}

function dayOf(at: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}
