import type { BudgetForecast, ForecastReport } from '../contract/forecast.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { type BudgetWindow, budgetWindow } from './budget-window.ts'
import { type BudgetRow, readBudgets, readRevision } from './budgets.sql.ts'
import { type DailySpending, readDailySpending, readSpentSince, type Spent } from './daily-spending.sql.ts'
import {
  forecastCap,
  forecastWindow,
  type HistoryBounds,
  historyBounds,
  type KnownSpending,
} from './forecast-window.ts'
import { readLabelledSpending } from './labelled-spending.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

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
  return await database.snapshot(async session => {
    const { now } = await readRevision(session)
    const budgets = (await readBudgets(session)).filter(budget => isSeen(budget) && budget.period !== 'total')
    const ofAll = tenant === '*' || budgets.some(budget => budget.tenantId !== tenant)
    const histories = createHistories(session, ofAll ? null : tenant, now)
    const month = budgetWindow('month', timeZone, now)
    const { bounds, spending } = await histories.of(timeZone)
    const mine = spending.filter(line => tenant === '*' || line.tenantId === tenant)
    const known = toKnown(bounds, month, now, mine)
    return {
      at: now.toISOString(),
      tenant,
      timeZone,
      real: forecastWindow(known.real),
      shadow: forecastWindow(known.shadow),
      budgets: await forecastAll(session, histories, budgets, now),
    }
  })
}

/** The present window of each budget that has one that ends. */
export async function readBudgetForecasts(database: Database<Tables>): Promise<BudgetForecast[]> {
  return await database.snapshot(async session => {
    const { now } = await readRevision(session)
    const histories = createHistories(session, null, now)
    const budgets = (await readBudgets(session)).filter(budget => budget.period !== 'total')
    return await forecastAll(session, histories, budgets, now)
  })
}

interface History {
  bounds: HistoryBounds
  spending: DailySpending[]
}

/** What was spent on the days of a time zone, which is read once for all who want to know. */
function createHistories(
  session: Reader,
  tenantId: string | null,
  now: Date,
): { of(timeZone: string): Promise<History> } {
  const found = new Map<string, Promise<History>>()
  const read = async (timeZone: string): Promise<History> => {
    const bounds = historyBounds(timeZone, now)
    return { bounds, spending: await readDailySpending(session, tenantId, bounds) }
  }
  return {
    of(timeZone) {
      const known = found.get(timeZone) ?? read(timeZone)
      found.set(timeZone, known)
      return known
    },
  }
}

async function forecastAll(
  session: Reader,
  histories: ReturnType<typeof createHistories>,
  budgets: readonly BudgetRow[],
  now: Date,
): Promise<BudgetForecast[]> {
  const found: BudgetForecast[] = []
  for (const budget of budgets) found.push(await forecastBudget(session, histories, budget, now))
  return found
}

async function forecastBudget(
  session: Reader,
  histories: ReturnType<typeof createHistories>,
  budget: BudgetRow,
  now: Date,
): Promise<BudgetForecast> {
  const { tenantId, budgetId, money, capNanoUsd, period, timeZone } = budget
  const window = budgetWindow(period, timeZone, now)
  const { bounds, spending } = await readHistory(session, histories, budget, now)
  const known = toKnown(bounds, window, now, spending)[money]
  // An hour begins within a day.
  const inHour = period === 'hour' ? await readSpentSince(session, budget, window.start, window.end) : null
  const found = forecastCap(inHour ? { ...known, inWindow: amountOf(inHour, money) } : known, capNanoUsd)
  return { tenantId, budgetId, money, capNanoUsd: String(capNanoUsd), period, timeZone, ...found }
}

async function readHistory(
  session: Reader,
  histories: ReturnType<typeof createHistories>,
  budget: BudgetRow,
  now: Date,
): Promise<History> {
  const { tenantId, service, provider, timeZone } = budget
  const { bounds, spending } =
    budget.tag === null && budget.apiKeyId === null
      ? await histories.of(timeZone)
      : await readLabelled(session, budget, historyBounds(timeZone, now))
  const isCovered = (line: DailySpending) =>
    (tenantId === '*' || line.tenantId === tenantId) &&
    (service === null || line.service === service) &&
    (provider === null || line.provider === provider)
  return { bounds, spending: spending.filter(isCovered) }
}

async function readLabelled(session: Reader, budget: BudgetRow, bounds: HistoryBounds): Promise<History> {
  return { bounds, spending: await readLabelledSpending(session, budget, bounds) }
}

/** The window begins with a day. */
function toKnown(
  bounds: HistoryBounds,
  window: BudgetWindow,
  now: Date,
  spending: readonly DailySpending[],
): Record<BudgetRow['money'], KnownSpending> {
  const of = (money: BudgetRow['money']): KnownSpending => {
    const days = bounds.dayStarts.map(() => 0n)
    for (const line of spending) days[line.day] = (days[line.day] ?? 0n) + amountOf(line, money)
    const inWindow = days.filter((_, i) => (bounds.dayStarts[i] ?? now) >= window.start).reduce((a, b) => a + b, 0n)
    return { bounds, window, now, days, inWindow }
  }
  return { real: of('real'), shadow: of('shadow') }
}

function amountOf({ realNanoUsd, shadowNanoUsd }: Spent, money: BudgetRow['money']): bigint {
  return money === 'real' ? realNanoUsd : shadowNanoUsd
}
