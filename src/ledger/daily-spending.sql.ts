import { sql } from 'kysely'
import type { BudgetSettings } from '../contract/budget.ts'
import type { NanoUsd } from '../contract/money.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { HistoryBounds } from './forecast-window.ts'

/** Whose spending: of one tenant, of all (null), or what a budget covers. */
export type SpendingScope =
  | { kind: 'tenant'; tenantId: string | null }
  | { kind: 'budget'; budget: Pick<BudgetSettings, 'tenantId' | 'budgetId'> }

/** In nano-dollars: on each day, the last is today, and in the window until now. */
export interface SpendingHistory {
  days: { realNanoUsd: NanoUsd; shadowNanoUsd: NanoUsd }[]
  inWindow: { realNanoUsd: NanoUsd; shadowNanoUsd: NanoUsd }
}

/** What was spent on each day of `dayStarts` and in the window, in one statement; days without entries count as 0. */
export async function readDailySpending(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  scope: SpendingScope,
  { dayStarts, endOfToday, windowStart }: HistoryBounds,
): Promise<SpendingHistory> {
  const { rows } = await sql<DayRow>`
    SELECT width_bucket(e.booked_at, ${dayStarts.map(toText)}::timestamptz[]) AS day,
      sum(e.cost_nano_usd)::bigint AS cost, sum(e.shadow_nano_usd)::bigint AS shadow,
      coalesce(sum(e.cost_nano_usd) FILTER (WHERE e.booked_at >= ${windowStart}::timestamptz), 0)::bigint AS window_cost,
      coalesce(sum(e.shadow_nano_usd) FILTER (WHERE e.booked_at >= ${windowStart}::timestamptz), 0)::bigint AS window_shadow
    FROM sluice.ledger_entries e ${narrow(scope)}
      AND e.booked_at >= ${dayStarts[0]}::timestamptz AND e.booked_at < ${endOfToday}::timestamptz
    GROUP BY 1`.execute(kysely)
  const days = dayStarts.map(() => ({ realNanoUsd: 0n, shadowNanoUsd: 0n }))
  const inWindow = { realNanoUsd: 0n, shadowNanoUsd: 0n }
  for (const { day, cost, shadow, windowCost, windowShadow } of rows) {
    days[day - 1] = { realNanoUsd: cost, shadowNanoUsd: shadow }
    inWindow.realNanoUsd += windowCost
    inWindow.shadowNanoUsd += windowShadow
  }
  return { days, inWindow }
}

interface DayRow {
  /** The buckets are counted from 1. */
  day: number
  cost: bigint
  shadow: bigint
  windowCost: bigint
  windowShadow: bigint
}

function narrow(scope: SpendingScope) {
  if (scope.kind === 'tenant') return sql`WHERE (${scope.tenantId}::text IS NULL OR e.tenant_id = ${scope.tenantId})`
  const { tenantId, budgetId } = scope.budget
  return sql`
    JOIN sluice.budgets b ON sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
    WHERE b.tenant_id = ${tenantId} AND b.budget_id = ${budgetId}`
}

function toText(at: Date): string {
  return at.toISOString()
}
