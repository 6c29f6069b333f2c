import { sql } from 'kysely'
import type { BudgetOrigin, BudgetSettings } from '../contract/budget.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type BudgetWindow, budgetWindow } from './budget-window.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface BudgetRow extends Omit<BudgetSettings, 'capNanoUsd'> {
  capNanoUsd: bigint
  origin: BudgetOrigin
}

const columns = sql`tenant_id, budget_id, service, provider, api_key_id, tag, money, cap_nano_usd, period, time_zone, policy,
  alert_percents, origin`

export async function readBudgets({ kysely }: Reader): Promise<BudgetRow[]> {
  const { rows } = await sql<BudgetRow>`
    SELECT ${columns} FROM sluice.budgets ORDER BY tenant_id COLLATE "C", budget_id COLLATE "C"`.execute(kysely)
  return rows
}

/** Which state of the budgets this is, and the database's time. */
export async function readRevision({ kysely }: Reader): Promise<{ revision: bigint; now: Date }> {
  const { rows } = await sql<{ revision: bigint; now: Date }>`
    SELECT revision, clock_timestamp() AS now FROM sluice.budget_revisions WHERE tenant_id = '*'`.execute(kysely)
  const [row] = rows
  if (!row) throw new Error('the table of budget revisions is empty')
  return row
}

/**
 * Sets a budget, while no money moves. Another cap or policy takes effect for the next call; a budget that is new, or that
 * covers something else than before, counts what has been spent and is held in its present window.
 */
export async function setBudget(session: Session<Tables>, budget: BudgetSettings, origin: BudgetOrigin): Promise<void> {
  await stopMoney(session)
  const [before] = (await readBudgets(session)).filter(
    b => b.tenantId === budget.tenantId && b.budgetId === budget.budgetId,
  )
  if (before && meaningOf(before) !== meaningOf(budget)) await deleteBudgetRow(session, budget)
  await upsertBudget(session, budget, origin)
  if (!before || meaningOf(before) !== meaningOf(budget)) {
    const { now } = await readRevision(session)
    await countPresentWindow(session, budget, budgetWindow(budget.period, budget.timeZone, now))
  }
}

/** Takes a budget away; false when there is none. What was spent stays in the books. */
export async function removeBudget(
  session: Session<Tables>,
  key: Pick<BudgetSettings, 'tenantId' | 'budgetId'>,
): Promise<boolean> {
  await stopMoney(session)
  return await deleteBudgetRow(session, key)
}

/** What a budget counts; with another meaning its balance has to be counted anew. */
function meaningOf({
  service,
  provider,
  apiKeyId,
  tag,
  money,
  period,
  timeZone,
}: Omit<BudgetSettings, 'capNanoUsd'>): string {
  return JSON.stringify([service, provider, apiKeyId, tag, money, period, timeZone])
}

/** Waits for the transactions that move money, keeps new ones out until the end of this one, and makes their copies old. */
async function stopMoney({ kysely }: Session<Tables>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(7360001)`.execute(kysely)
  await sql`UPDATE sluice.budget_revisions SET revision = revision + 1 WHERE tenant_id = '*'`.execute(kysely)
}

async function upsertBudget({ kysely }: Session<Tables>, b: BudgetSettings, origin: BudgetOrigin): Promise<void> {
  await sql`
    INSERT INTO sluice.budgets (${columns})
    VALUES (${b.tenantId}, ${b.budgetId}, ${b.service}, ${b.provider}, ${b.apiKeyId}, ${b.tag}, ${b.money}, ${b.capNanoUsd}, ${b.period},
      ${b.timeZone}, ${b.policy}, ${b.alertPercents}::int[], ${origin})
    ON CONFLICT (tenant_id, budget_id) DO UPDATE SET cap_nano_usd = excluded.cap_nano_usd, policy = excluded.policy,
      alert_percents = excluded.alert_percents, origin = excluded.origin, updated_at = now()`.execute(kysely)
}

async function deleteBudgetRow(
  { kysely }: Session<Tables>,
  { tenantId, budgetId }: Pick<BudgetSettings, 'tenantId' | 'budgetId'>,
): Promise<boolean> {
  await sql`
    DELETE FROM sluice.hold_lines WHERE budget_tenant_id = ${tenantId} AND budget_id = ${budgetId}`.execute(kysely)
  const { rows } = await sql`
    DELETE FROM sluice.budgets WHERE tenant_id = ${tenantId} AND budget_id = ${budgetId} RETURNING budget_id`.execute(
    kysely,
  )
  return rows.length > 0
}

/** Opens the window of a new budget with what the books say, and takes the open holds in. */
async function countPresentWindow(
  { kysely }: Session<Tables>,
  { tenantId, budgetId }: Pick<BudgetSettings, 'tenantId' | 'budgetId'>,
  { start, end }: BudgetWindow,
): Promise<void> {
  await sql`
    INSERT INTO sluice.budget_windows (tenant_id, budget_id, window_start, window_end, held_nano_usd, spent_nano_usd)
    SELECT b.tenant_id, b.budget_id, ${start}::timestamptz, ${end}::timestamptz,
      coalesce(sum(CASE b.money WHEN 'real' THEN e.held_nano_usd ELSE e.held_shadow_nano_usd END), 0),
      coalesce(sum(CASE b.money WHEN 'real' THEN e.cost_nano_usd ELSE e.shadow_nano_usd END), 0)
    FROM sluice.budgets b
    LEFT JOIN sluice.ledger_entries e ON e.booked_at >= ${start}::timestamptz AND e.booked_at < ${end}::timestamptz
      AND sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
    WHERE b.tenant_id = ${tenantId} AND b.budget_id = ${budgetId}
    GROUP BY b.tenant_id, b.budget_id`.execute(kysely)
  await sql`
    INSERT INTO sluice.hold_lines (tenant_id, call_id, budget_tenant_id, budget_id, window_start, amount_nano_usd)
    SELECT h.tenant_id, h.call_id, b.tenant_id, b.budget_id, ${start}::timestamptz,
      sum(CASE b.money WHEN 'real' THEN e.held_nano_usd ELSE e.held_shadow_nano_usd END)
    FROM sluice.budgets b
    JOIN sluice.holds h ON h.ended_at IS NULL AND h.held_at >= ${start}::timestamptz AND h.held_at < ${end}::timestamptz
    JOIN sluice.ledger_entries e ON e.tenant_id = h.tenant_id AND e.call_id = h.call_id
      AND sluice.budget_covers(b, e.tenant_id, e.service, e.provider, e.api_key_id, e.tags)
    WHERE b.tenant_id = ${tenantId} AND b.budget_id = ${budgetId}
    GROUP BY h.tenant_id, h.call_id, b.tenant_id, b.budget_id`.execute(kysely)
}
