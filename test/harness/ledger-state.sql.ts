import { sql } from 'kysely'
import type { Tables } from '../../src/contract/tables.ts'
import type { Database } from '../../src/platform/database.ts'

/** All rows of the books that say where money is; amounts as text. */
export interface LedgerState {
  windows: { tenant: string; budget: string; start: string; held: string; spent: string }[]
  holds: { call: string; state: string; owner: string | null }[]
  calls: { call: string; held: string; heldShadow: string; cost: string; shadow: string }[]
  items: { tenant: string; key: string; call: string }[]
  /** Open holds whose owner is not alive; quotes and calls in doubt have none. */
  orphans: string[]
}

export async function readLedgerState({ kysely }: Database<Tables>): Promise<LedgerState> {
  const { rows } = await sql<{ state: LedgerState }>`
    SELECT jsonb_build_object(
      'windows', (SELECT coalesce(jsonb_agg(jsonb_build_object('tenant', tenant_id, 'budget', budget_id, 'start', window_start,
        'held', held_nano_usd::text, 'spent', spent_nano_usd::text)), '[]') FROM sluice.budget_windows),
      'holds', (SELECT coalesce(jsonb_agg(jsonb_build_object('call', call_id, 'state', state, 'owner', owner)), '[]') FROM sluice.holds),
      'calls', (SELECT coalesce(jsonb_agg(jsonb_build_object('call', call_id, 'held', held::text, 'heldShadow', held_shadow::text,
        'cost', cost::text, 'shadow', shadow::text)), '[]') FROM (
        SELECT call_id, sum(held_nano_usd) AS held, sum(held_shadow_nano_usd) AS held_shadow, sum(cost_nano_usd) AS cost,
          sum(shadow_nano_usd) AS shadow FROM sluice.ledger_entries GROUP BY call_id) AS sums),
      'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('tenant', tenant_id, 'key', item_key, 'call', call_id)), '[]')
        FROM sluice.call_items),
      'orphans', (SELECT coalesce(jsonb_agg(call_id), '[]') FROM sluice.holds h WHERE state IN ('held', 'dispatched')
        AND owner IS NOT NULL AND NOT EXISTS (SELECT FROM sluice.workers w WHERE w.worker_id = h.owner))
    ) AS state`.execute(kysely)
  const [row] = rows
  if (!row) throw new Error('a statement without FROM gave no row')
  return row.state
}

/**
 * Lets so much time pass: every time in the books is moved back, which is the same, since they only compare their times with the
 * present one. Budgets in total have no time. Windows move by their own length, so they go far away first: on the way each
 * would be in the place of the one before it.
 */
export async function passTime(database: Database<Tables>, hours: number): Promise<void> {
  const far = 8_760_000
  await database.transaction(async ({ kysely }) => {
    await sql`UPDATE sluice.ledger_entries SET at = at - ${hours}::int * interval '1 hour',
      booked_at = booked_at - ${hours}::int * interval '1 hour'`.execute(kysely)
    await sql`UPDATE sluice.holds SET held_at = held_at - ${hours}::int * interval '1 hour',
      dispatched_at = dispatched_at - ${hours}::int * interval '1 hour',
      expires_at = expires_at - ${hours}::int * interval '1 hour'`.execute(kysely)
    // One statement, since a line's window must be there when the statement ends.
    for (const away of [far, hours - far])
      await sql`
        WITH windows AS (
          UPDATE sluice.budget_windows w SET window_start = window_start - ${away}::int * interval '1 hour',
            window_end = window_end - ${away}::int * interval '1 hour'
          FROM sluice.budgets b WHERE b.tenant_id = w.tenant_id AND b.budget_id = w.budget_id AND b.period <> 'total'
        )
        UPDATE sluice.hold_lines l SET window_start = window_start - ${away}::int * interval '1 hour'
        FROM sluice.budgets b WHERE b.tenant_id = l.budget_tenant_id AND b.budget_id = l.budget_id AND b.period <> 'total'`.execute(
        kysely,
      )
  })
}

const tables = ['ledger_entries', 'holds', 'budgets', 'alerts', 'workers']

/** Empties the books, so that the next history begins with none. */
export async function emptyLedger(database: Database<Tables>): Promise<void> {
  await database.transaction(async ({ kysely }) => {
    for (const table of tables) await sql`DELETE FROM ${sql.table(`sluice.${table}`)}`.execute(kysely)
  })
}

/** The embedded database has nobody who does it by himself. */
export async function vacuumLedger({ kysely }: Database<Tables>): Promise<void> {
  for (const table of [...tables, 'budget_windows', 'hold_lines', 'call_items', 'budget_revisions'])
    await sql`VACUUM ${sql.table(`sluice.${table}`)}`.execute(kysely)
}
