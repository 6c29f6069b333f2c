import type { BudgetSettings } from '../contract/budget.ts'
import type { NanoUsd } from '../contract/money.ts'
import { type BudgetWindow, budgetWindow } from './budget-window.ts'

export interface ReplayBudget extends Omit<BudgetSettings, 'capNanoUsd' | 'alertPercents'> {
  capNanoUsd: NanoUsd
}

/** A past call as budgets see it. The parts that have the same key and tags are one share. */
export interface ReplayCall {
  at: Date
  tenantId: string
  service: string
  provider: string
  shares: readonly {
    apiKeyId: string | null
    tags: readonly string[]
    costNanoUsd: NanoUsd
    shadowNanoUsd: NanoUsd
  }[]
}

/** A budget in the replay: its window of the moment, and what has become of calls because of it. */
export interface ReplayBalance {
  readonly budget: ReplayBudget
  window: BudgetWindow | null
  usedNanoUsd: NanoUsd
  isExhausted: boolean
  windowsExhausted: number
  firstExhaustedAt: Date | null
  mostUsedNanoUsd: NanoUsd
  deferredCalls: number
  rejectedCalls: number
  fallbackCalls: number
  waitingCalls: number
  /** How long each call that it deferred has waited. */
  waitsMs: number[]
}

export function createBalance(budget: ReplayBudget): ReplayBalance {
  return {
    budget,
    window: null,
    usedNanoUsd: 0n,
    isExhausted: false,
    windowsExhausted: 0,
    firstExhaustedAt: null,
    mostUsedNanoUsd: 0n,
    deferredCalls: 0,
    rejectedCalls: 0,
    fallbackCalls: 0,
    waitingCalls: 0,
    waitsMs: [],
  }
}

/** The part of a call that counts in a budget, as `sluice.reserve` counts it: the shares that it covers, in its money. */
export function amountIn(budget: ReplayBudget, call: ReplayCall): NanoUsd {
  if (budget.tenantId !== '*' && budget.tenantId !== call.tenantId) return 0n
  if (budget.service !== null && budget.service !== call.service) return 0n
  if (budget.provider !== null && budget.provider !== call.provider) return 0n
  let amount = 0n
  for (const { apiKeyId, tags, costNanoUsd, shadowNanoUsd } of call.shares) {
    if (budget.apiKeyId !== null && budget.apiKeyId !== apiKeyId) continue
    if (budget.tag !== null && !tags.includes(budget.tag)) continue
    amount += budget.money === 'real' ? costNanoUsd : shadowNanoUsd
  }
  return amount
}

/** Goes over to the window that holds `at`, which has spent nothing yet, if it is another one. Time never goes back. */
export function enterWindow(balance: ReplayBalance, at: Date): void {
  if (balance.window && at < balance.window.end) return
  balance.window = budgetWindow(balance.budget.period, balance.budget.timeZone, at)
  balance.usedNanoUsd = 0n
  balance.isExhausted = false
}

export function roomOf({ budget, usedNanoUsd }: ReplayBalance): NanoUsd {
  return budget.capNanoUsd - usedNanoUsd
}

export function spend(balance: ReplayBalance, amount: NanoUsd): void {
  balance.usedNanoUsd += amount
  if (balance.usedNanoUsd > balance.mostUsedNanoUsd) balance.mostUsedNanoUsd = balance.usedNanoUsd
}

/** A call did not fit into the present window. */
export function markExhausted(balance: ReplayBalance, at: Date): void {
  if (balance.isExhausted) return
  balance.isExhausted = true
  balance.windowsExhausted++
  balance.firstExhaustedAt ??= at
}
