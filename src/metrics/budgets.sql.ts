import { sql } from 'kysely'
import type { BudgetPeriod } from '../contract/budget-terms.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { others } from './named-tenants.sql.ts'

export interface BudgetFigures {
  tenant: string
  budget: string
  money: string
  period: BudgetPeriod | typeof others
  capNanoUsd: string
  heldNanoUsd: string
  spentNanoUsd: string
}

/** Budgets with a line of their own; a budget of more than that is one of the others. */
const mostBudgets = 100

/**
 * Budgets in their present windows. Those of all tenants together are named, the oldest first; those of a tenant where the tenant is; the
 * rest is one line for each money.
 */
export async function readBudgetFigures(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  named: readonly string[],
): Promise<BudgetFigures[]> {
  const { rows } = await sql<BudgetFigures>`
    WITH ranked AS (
      SELECT b.*, (b.tenant_id = '*' OR b.tenant_id = ANY (${[...named]}::text[]))
        AND row_number() OVER (ORDER BY b.tenant_id <> '*', b.created_at, b.tenant_id, b.budget_id) <= ${mostBudgets} AS is_named
      FROM sluice.budgets b
      WHERE b.tenant_id = '*' OR b.tenant_id = ANY (${[...named]}::text[])
      UNION ALL
      SELECT b.*, false FROM sluice.budgets b WHERE NOT (b.tenant_id = '*' OR b.tenant_id = ANY (${[...named]}::text[]))
    )
    SELECT CASE WHEN is_named THEN r.tenant_id ELSE ${others}::text END AS tenant,
      CASE WHEN is_named THEN r.budget_id ELSE ${others}::text END AS budget, r.money,
      CASE WHEN is_named THEN r.period ELSE ${others}::text END AS period, sum(r.cap_nano_usd)::text AS cap_nano_usd,
      coalesce(sum(w.held_nano_usd), 0)::text AS held_nano_usd, coalesce(sum(w.spent_nano_usd), 0)::text AS spent_nano_usd
    FROM ranked r LEFT JOIN LATERAL (
      SELECT * FROM sluice.budget_windows w WHERE w.tenant_id = r.tenant_id AND w.budget_id = r.budget_id AND w.window_start <= now()
      ORDER BY w.window_start DESC LIMIT 1) w ON w.window_end > now()
    GROUP BY 1, 2, 3, 4`.execute(kysely)
  return rows
}
