import { sql } from 'kysely'
import type { BudgetSettings } from '../contract/budget.ts'
import type { NanoUsd } from '../contract/money.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { HistoryBounds } from './forecast-window.ts'
import { spendingIn } from './spending.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** In nano-dollars. */
export interface Spent {
  realNanoUsd: NanoUsd
  shadowNanoUsd: NanoUsd
}

/** What was spent on one day (the place of its start among the bounds) by a tenant for a service at a provider. */
export interface DailySpending extends Spent {
  day: number
  tenantId: string
  service: string
  provider: string
}

/** What a tenant, or all (null), spent on each day of the bounds; days without entries are left out. */
export async function readDailySpending(
  { kysely }: Reader,
  tenantId: string | null,
  { dayStarts, endOfToday }: HistoryBounds,
): Promise<DailySpending[]> {
  const scope = { tenantId, from: dayStarts[0] ?? endOfToday, to: endOfToday }
  const { rows } = await sql<DailySpending>`
    SELECT s.day - 1 AS day, s.tenant_id, s.service, s.provider, sum(s.cost_nano_usd)::bigint AS real_nano_usd,
      sum(s.shadow_nano_usd)::bigint AS shadow_nano_usd
    ${spendingIn(scope, dayStarts)} GROUP BY s.day, s.tenant_id, s.service, s.provider`.execute(kysely)
  return rows
}

/** What a budget covers of the entries from a moment on, which should be recent. */
export async function readSpentSince(
  { kysely }: Reader,
  budget: Pick<BudgetSettings, 'tenantId' | 'budgetId'>,
  since: Date,
  until: Date,
): Promise<Spent> {
  const { rows } = await sql<Spent>`
    SELECT coalesce(sum(e.cost_nano_usd), 0)::bigint AS real_nano_usd, coalesce(sum(e.shadow_nano_usd), 0)::bigint AS shadow_nano_usd
    FROM sluice.ledger_entries e
    JOIN sluice.budgets b ON sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
    WHERE b.tenant_id = ${budget.tenantId} AND b.budget_id = ${budget.budgetId}
      AND e.booked_at >= ${since}::timestamptz AND e.booked_at < ${until}::timestamptz`.execute(kysely)
  return rows[0] ?? { realNanoUsd: 0n, shadowNanoUsd: 0n }
}
