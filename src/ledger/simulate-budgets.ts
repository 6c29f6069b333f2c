import { AppError } from '../contract/failure.ts'
import type { NanoUsd } from '../contract/money.ts'
import type { Price } from '../contract/price-list.ts'
import type { SimulatedBudget, Simulation } from '../contract/simulation.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { type PastCall, type PastScope, readPastCalls } from './past-calls.sql.ts'
import type { PriceKey } from './price-units.ts'
import type { ReplayBalance, ReplayBudget } from './replay-balance.ts'
import { createReplay } from './replay-calls.ts'
import { createRepricer } from './reprice-calls.ts'

export interface SimulationPlan {
  scope: PastScope
  timeZone: string
  budgets: readonly ReplayBudget[]
  /** Null: calls cost what the books say. */
  prices: readonly Price[] | null
  /** The price of a past call, and whether its provider took nothing for it. */
  priceKeyOf(call: PastCall): { key: PriceKey; free: boolean }
  signal: AbortSignal
  mostCalls?: number
}

/** How many calls one simulation may replay. */
export const mostSimulatedCalls = 1_000_000

/**
 * Replays the past calls in scope against other budgets or prices; changes nothing. Holds one page of entries and what the replay
 * holds (`createReplay`). Throws `validation_failed` for more calls than a simulation may have, and
 * `call_unpriceable` that names every missing price.
 */
export async function simulateBudgets(
  database: Database<Tables>,
  { scope, timeZone, budgets, prices, priceKeyOf, signal, mostCalls = mostSimulatedCalls }: SimulationPlan,
): Promise<Simulation> {
  signal.throwIfAborted()
  const replay = createReplay(budgets, timeZone)
  const repricer = prices && createRepricer(prices, priceKeyOf)
  const booked = { costNanoUsd: 0n, shadowNanoUsd: 0n }
  let count = 0
  for await (const calls of readPastCalls(database, scope)) {
    signal.throwIfAborted()
    count += calls.length
    if (count > mostCalls) throw tooMany(mostCalls)
    for (const call of calls) {
      addUp(booked, call)
      const counted = repricer ? repricer.reprice(call) : call
      if (counted) replay.take(counted)
    }
  }
  repricer?.refuseIncomplete()
  const { totals, balances, days } = replay.finish(scope.to)
  return {
    tenant: scope.tenantId ?? '*',
    from: scope.from.toISOString(),
    to: scope.to.toISOString(),
    timeZone,
    prices: prices ? 'as given' : 'as booked',
    totals: {
      ...totals,
      costNanoUsd: String(totals.costNanoUsd),
      shadowNanoUsd: String(totals.shadowNanoUsd),
      bookedCostNanoUsd: String(booked.costNanoUsd),
      bookedShadowNanoUsd: String(booked.shadowNanoUsd),
    },
    budgets: balances.map(toSimulatedBudget),
    days: days.map(day => ({
      ...day,
      costNanoUsd: String(day.costNanoUsd),
      shadowNanoUsd: String(day.shadowNanoUsd),
    })),
  }
}

function addUp(sum: { costNanoUsd: NanoUsd; shadowNanoUsd: NanoUsd }, { shares }: PastCall): void {
  for (const { costNanoUsd, shadowNanoUsd } of shares) {
    sum.costNanoUsd += costNanoUsd
    sum.shadowNanoUsd += shadowNanoUsd
  }
}

function toSimulatedBudget(balance: ReplayBalance): SimulatedBudget {
  const { tenantId, budgetId, money, capNanoUsd, period, timeZone, policy } = balance.budget
  const { windowsExhausted, deferredCalls, rejectedCalls, fallbackCalls, waitingCalls, mostUsedNanoUsd } = balance
  const waits = Float64Array.from(balance.waitsMs).sort()
  const toSeconds = (waitMs: number | undefined) => (waitMs === undefined ? null : Math.round(waitMs / 1000))
  return {
    tenantId,
    budgetId,
    money,
    capNanoUsd: String(capNanoUsd),
    period,
    timeZone,
    policy,
    windowsExhausted,
    firstExhaustedAt: balance.firstExhaustedAt?.toISOString() ?? null,
    mostUsedPercent: capNanoUsd === 0n ? null : Number((mostUsedNanoUsd * 1000n) / capNanoUsd) / 10,
    deferredCalls,
    rejectedCalls,
    fallbackCalls,
    waitingCalls,
    longestWaitSeconds: toSeconds(waits.at(-1)),
    medianWaitSeconds: toSeconds(waits[Math.floor(waits.length / 2)]),
  }
}

function tooMany(mostCalls: number): AppError {
  return new AppError(
    'validation_failed',
    `The period has more than ${mostCalls} calls, which is the most that one simulation replays. Shorten it, or name one tenant.`,
  )
}
