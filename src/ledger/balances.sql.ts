import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { BudgetWindow } from './budget-window.ts'
import type { BudgetRow } from './budgets.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface Balance {
  heldNanoUsd: bigint
  spentNanoUsd: bigint
}

/** What is held and spent of a budget in a window; nothing, if no call has come there yet. */
export async function readBalance(
  { kysely }: Reader,
  { tenantId, budgetId }: Pick<BudgetRow, 'tenantId' | 'budgetId'>,
  { start }: BudgetWindow,
): Promise<Balance> {
  const { rows } = await sql<Balance>`
    SELECT held_nano_usd, spent_nano_usd FROM sluice.budget_windows
    WHERE tenant_id = ${tenantId} AND budget_id = ${budgetId} AND window_start = ${start}::timestamptz`.execute(kysely)
  return rows[0] ?? { heldNanoUsd: 0n, spentNanoUsd: 0n }
}

/** What each tenant has, held or spent, of a shared budget in a window. */
export async function readTenantShares(
  { kysely }: Reader,
  { tenantId, budgetId }: Pick<BudgetRow, 'tenantId' | 'budgetId'>,
  { start, end }: BudgetWindow,
): Promise<Map<string, bigint>> {
  const { rows } = await sql<{ tenantId: string; used: bigint }>`
    SELECT e.tenant_id, sum(CASE b.money WHEN 'real' THEN e.held_nano_usd + e.cost_nano_usd
      ELSE e.held_shadow_nano_usd + e.shadow_nano_usd END)::bigint AS used
    FROM sluice.budgets b
    JOIN sluice.ledger_entries e ON e.booked_at >= ${start}::timestamptz AND e.booked_at < ${end}::timestamptz
      AND sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
    WHERE b.tenant_id = ${tenantId} AND b.budget_id = ${budgetId}
    GROUP BY e.tenant_id`.execute(kysely)
  return new Map(rows.map(row => [row.tenantId, row.used]))
}

/** A window whose balance is not what the entries of the books add up to. */
export interface Imbalance extends Balance {
  tenantId: string
  budgetId: string
  windowStart: Date
  entriesHeldNanoUsd: bigint
  entriesSpentNanoUsd: bigint
}

/** Derives every balance from the entries, in one snapshot, and gives those that differ: there must be none. */
export async function findImbalances({ kysely }: Reader): Promise<Imbalance[]> {
  const { rows } = await sql<Imbalance>`
    SELECT w.tenant_id, w.budget_id, w.window_start, w.held_nano_usd, w.spent_nano_usd, e.held AS entries_held_nano_usd,
      e.spent AS entries_spent_nano_usd
    FROM sluice.budget_windows w
    JOIN sluice.budgets b ON b.tenant_id = w.tenant_id AND b.budget_id = w.budget_id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(CASE b.money WHEN 'real' THEN e.held_nano_usd ELSE e.held_shadow_nano_usd END), 0)::bigint AS held,
        coalesce(sum(CASE b.money WHEN 'real' THEN e.cost_nano_usd ELSE e.shadow_nano_usd END), 0)::bigint AS spent
      FROM sluice.ledger_entries e
      WHERE e.booked_at >= w.window_start AND e.booked_at < w.window_end
        AND sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)) e
    WHERE w.held_nano_usd <> e.held OR w.spent_nano_usd <> e.spent
    ORDER BY w.tenant_id, w.budget_id, w.window_start`.execute(kysely)
  return rows
}
