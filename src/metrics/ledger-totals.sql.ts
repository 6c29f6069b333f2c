import { sql } from 'kysely'
import type { ServiceName } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { tenantLabel } from './named-tenants.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** What the entries of the books come to. Sums of bigint, so of any size: as text they stay exact. */
export interface LedgerTotals {
  tenant: string
  service: ServiceName
  provider: string
  simulated: boolean
  calls: string
  units: string
  costNanoUsd: string
  shadowNanoUsd: string
  avoidedNanoUsd: string
  avoidedShadowNanoUsd: string
  adjustedNanoUsd: string
}

const sums = sql`count(DISTINCT call_id) FILTER (WHERE kind = 'settlement') AS calls, coalesce(sum(units), 0) AS units,
  coalesce(sum(cost_nano_usd) FILTER (WHERE kind <> 'adjustment'), 0) AS cost_nano_usd,
  coalesce(sum(shadow_nano_usd) FILTER (WHERE kind <> 'adjustment'), 0) AS shadow_nano_usd,
  coalesce(sum(avoided_nano_usd), 0) AS avoided_nano_usd, coalesce(sum(avoided_shadow_nano_usd), 0) AS avoided_shadow_nano_usd,
  coalesce(sum(cost_nano_usd) FILTER (WHERE kind = 'adjustment'), 0) AS adjusted_nano_usd`

const everyMs = 300_000
/** Entries younger than this are never counted for good. */
const marginMs = 60_000

/**
 * Adds the entries that nobody can append before any more to the totals, if that was not done within the last five minutes; of all
 * processes one does it. An entry's time is when its transaction began, so the oldest transaction that is open is the bound.
 */
export async function countOldEntries(database: Database<Tables>): Promise<void> {
  await database.transaction(async session => {
    const span = await takeTurn(session)
    // In a statement of its own: what had ended when the bound was found can be seen by now.
    if (span) await addEntries(session, span)
  })
}

/** Times as the database writes them, to the microsecond. */
interface Span {
  since: string
  until: string
}

async function takeTurn({ kysely }: Session<Tables>): Promise<Span | undefined> {
  const { rows } = await sql<Span>`
    WITH turn AS (
      SELECT counted_until FROM sluice.ledger_totals_until
      WHERE tenant_id = '*' AND counted_until < now() - ${everyMs}::int * interval '1 millisecond' FOR UPDATE SKIP LOCKED)
    SELECT counted_until::text AS since, least(now() - ${marginMs}::int * interval '1 millisecond',
      (SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()))::text AS until FROM turn`.execute(
    kysely,
  )
  return rows[0]
}

async function addEntries({ kysely }: Session<Tables>, { since, until }: Span): Promise<void> {
  await sql`
    INSERT INTO sluice.ledger_totals AS t (tenant_id, service, provider, simulated, calls, units, cost_nano_usd, shadow_nano_usd,
      avoided_nano_usd, avoided_shadow_nano_usd, adjusted_nano_usd)
    SELECT tenant_id, service, provider, simulated, ${sums} FROM sluice.ledger_entries
    WHERE at >= ${since}::timestamptz AND at < ${until}::timestamptz GROUP BY tenant_id, service, provider, simulated
    ON CONFLICT (tenant_id, service, provider, simulated) DO UPDATE SET calls = t.calls + excluded.calls,
      units = t.units + excluded.units, cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
      shadow_nano_usd = t.shadow_nano_usd + excluded.shadow_nano_usd, avoided_nano_usd = t.avoided_nano_usd + excluded.avoided_nano_usd,
      avoided_shadow_nano_usd = t.avoided_shadow_nano_usd + excluded.avoided_shadow_nano_usd,
      adjusted_nano_usd = t.adjusted_nano_usd + excluded.adjusted_nano_usd`.execute(kysely)
  await sql`
    UPDATE sluice.ledger_totals_until SET counted_until = ${until}::timestamptz
    WHERE tenant_id = '*' AND counted_until < ${until}::timestamptz`.execute(kysely)
}

/** All entries: the totals, and what came after them. The reader must see one state of the database. */
export async function readLedgerTotals({ kysely }: Reader, named: readonly string[]): Promise<LedgerTotals[]> {
  const { rows: until } = await sql<{ countedUntil: string }>`
    SELECT counted_until::text AS counted_until FROM sluice.ledger_totals_until WHERE tenant_id = '*'`.execute(kysely)
  const { rows } = await sql<LedgerTotals>`
    SELECT ${tenantLabel(sql`tenant_id`, named)} AS tenant, service, provider, simulated, sum(calls)::text AS calls, sum(units)::text AS units,
      sum(cost_nano_usd)::text AS cost_nano_usd, sum(shadow_nano_usd)::text AS shadow_nano_usd,
      sum(avoided_nano_usd)::text AS avoided_nano_usd, sum(avoided_shadow_nano_usd)::text AS avoided_shadow_nano_usd,
      sum(adjusted_nano_usd)::text AS adjusted_nano_usd
    FROM (SELECT * FROM sluice.ledger_totals UNION ALL
      SELECT tenant_id, service, provider, simulated, ${sums} FROM sluice.ledger_entries
      WHERE at >= ${until[0]?.countedUntil ?? '-infinity'}::timestamptz GROUP BY tenant_id, service, provider, simulated) AS parts
    GROUP BY 1, 2, 3, 4`.execute(kysely)
  return rows
}

export interface OpenHolds {
  service: ServiceName
  provider: string
  simulated: boolean
  inDoubt: boolean
  calls: number
  costNanoUsd: string
  shadowNanoUsd: string
}

/** What is held at this moment, and of which calls nobody knows the outcome. */
export async function readOpenHolds({ kysely }: Reader): Promise<OpenHolds[]> {
  const { rows } = await sql<OpenHolds>`
    SELECT service, provider, simulated, state = 'unknown' AS in_doubt, count(*)::int AS calls,
      sum(cost_nano_usd)::text AS cost_nano_usd, sum(shadow_nano_usd)::text AS shadow_nano_usd
    FROM sluice.holds WHERE ended_at IS NULL GROUP BY 1, 2, 3, 4`.execute(kysely)
  return rows
}
