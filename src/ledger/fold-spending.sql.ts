import { type RawBuilder, sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'

const turn = 7_360_012

/**
 * Adds what was booked since the last time to the sums of its spans; of all processes one does it. Whoever reads meanwhile sees an entry
 * in one of the two places. Gives how many rows of sums it wrote.
 */
export async function foldSpending(database: Database<Tables>): Promise<number> {
  return await database.transaction(async session => ((await takeTurn(session)) ? await addChanges(session) : 0))
}

async function takeTurn({ kysely }: Session<Tables>): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`SELECT pg_try_advisory_xact_lock(${turn}) AS mine`.execute(kysely)
  return rows[0]?.mine ?? false
}

/** All shares of a call are settled at once. */
const byCall = sql`
  SELECT tenant_id, booked_at, service, purpose, provider, model, simulated, of_document, sum(sign) AS entries,
    coalesce(sign(sum(sign) FILTER (WHERE settled)), 0) AS calls, sum(units) AS units, sum(cost_nano_usd) AS cost_nano_usd,
    sum(shadow_nano_usd) AS shadow_nano_usd, sum(held_nano_usd) AS held_nano_usd, sum(avoided_nano_usd) AS avoided_nano_usd,
    sum(avoided_shadow_nano_usd) AS avoided_shadow_nano_usd
  FROM c GROUP BY tenant_id, booked_at, service, purpose, provider, model, simulated, of_document, call_id`
const summed = [
  'entries',
  'calls',
  'units',
  'cost_nano_usd',
  'shadow_nano_usd',
  'held_nano_usd',
  'avoided_nano_usd',
  'avoided_shadow_nano_usd',
]

async function addChanges({ kysely }: Session<Tables>): Promise<number> {
  const { numAffectedRows } = await sql`
    WITH c AS (DELETE FROM sluice.spending_changes RETURNING *), labelled AS (
      INSERT INTO sluice.spending_by_label AS s (tenant_id, tag, api_key, hour, service, provider, cost_nano_usd, shadow_nano_usd)
      SELECT c.tenant_id, label, coalesce(c.api_key_id::text, ''), date_trunc('hour', c.booked_at, 'UTC'), c.service, c.provider,
        sum(c.cost_nano_usd), sum(c.shadow_nano_usd)
      FROM c CROSS JOIN sluice.labels_of(c.tags, c.api_key_id) AS label GROUP BY 1, 2, 3, 4, 5, 6
      ON CONFLICT (tenant_id, tag, api_key, hour, service, provider) DO UPDATE SET ${raised('cost_nano_usd', 'shadow_nano_usd')})
    INSERT INTO sluice.spending AS s (tenant_id, minutes, span_start, service, purpose, provider, model, simulated, of_document,
      ${sql.join(summed.map(name => sql.ref(name)))})
    SELECT c.tenant_id, span.minutes, span.span_start, c.service, c.purpose, c.provider, c.model, c.simulated, c.of_document,
      sum(c.entries), sum(c.calls), sum(c.units), sum(c.cost_nano_usd), sum(c.shadow_nano_usd), sum(c.held_nano_usd),
      sum(c.avoided_nano_usd), sum(c.avoided_shadow_nano_usd)
    FROM (${byCall}) AS c CROSS JOIN sluice.spans_of(c.booked_at) AS span GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    ON CONFLICT (tenant_id, minutes, span_start, service, purpose, provider, model, simulated, of_document) DO UPDATE SET ${raised(...summed)}`.execute(
    kysely,
  )
  return Number(numAffectedRows ?? 0n)
}

/** Columns of `s` with what was to be inserted added. */
function raised(...columns: string[]): RawBuilder<unknown> {
  return sql.join(columns.map(name => sql`${sql.ref(name)} = s.${sql.ref(name)} + excluded.${sql.ref(name)}`))
}
