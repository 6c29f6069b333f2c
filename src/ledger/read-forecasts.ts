import type { BudgetForecast, ForecastReport } from '../contract/forecast.ts'
import type { NanoUsd } from '../contract/money.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { type BudgetWindow, budgetWindow } from './budget-window.ts'
import { type BudgetRow, readBudgets, readRevision } from './budgets.sql.ts'
import { readDailySpending, type SpendingScope } from './daily-spending.sql.ts'
import { forecastCap, forecastWindow, historyBounds, type KnownSpending } from './forecast-window.ts'

export interface ForecastWish {
  /** `*` for all. */
  tenant: string
  timeZone: string
  isSeen(budget: BudgetRow): boolean
}

/** The tenant's present month in both moneys, and the present window of each budget that is seen and has one that ends. */
export async function readForecasts(
  database: Database<Tables>,
  { tenant, timeZone, isSeen }: ForecastWish,
): Promise<ForecastReport> {
  const { now } = await readRevision(database)
  const month = budgetWindow('month', timeZone, now)
  const scope: SpendingScope = { kind: 'tenant', tenantId: tenant === '*' ? null : tenant }
  const known = await readKnown(database, scope, timeZone, month, now)
  const budgets: BudgetForecast[] = []
  for (const budget of await readBudgets(database))
    if (isSeen(budget) && budget.period !== 'total') budgets.push(await forecastBudget(database, budget, now))
  return {
    at: now.toISOString(),
    tenant,
    timeZone,
    real: forecastWindow(known.real),
    shadow: forecastWindow(known.shadow),
    budgets,
  }
}

async function forecastBudget(database: Database<Tables>, budget: BudgetRow, now: Date): Promise<BudgetForecast> {
  const { tenantId, budgetId, money, capNanoUsd, period, timeZone } = budget
  const window = budgetWindow(period, timeZone, now)
  const known = await readKnown(database, { kind: 'budget', budget }, timeZone, window, now)
  const found = forecastCap(known[money], capNanoUsd)
  return { tenantId, budgetId, money, capNanoUsd: String(capNanoUsd), period, timeZone, ...found }
}

async function readKnown(
  database: Database<Tables>,
  scope: SpendingScope,
  timeZone: string,
  window: BudgetWindow,
  now: Date,
): Promise<Record<BudgetRow['money'], KnownSpending>> {
  const bounds = historyBounds(timeZone, window, now)
  const { days, inWindow } = await readDailySpending(database, scope, bounds)
  const of = (money: 'realNanoUsd' | 'shadowNanoUsd'): KnownSpending => ({
    bounds,
    window,
    now,
    days: days.map((day): NanoUsd => day[money]),
    inWindow: inWindow[money],
  })
  return { real: of('realNanoUsd'), shadow: of('shadowNanoUsd') }
}
