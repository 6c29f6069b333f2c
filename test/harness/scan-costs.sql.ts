import { type RawBuilder, sql } from 'kysely'
import type { CostKey } from '../../src/contract/costs.ts'
import type { Tables } from '../../src/contract/tables.ts'
import type { CostScope } from '../../src/ledger/cost-scope.sql.ts'
import type { Database } from '../../src/platform/database.ts'

/** The costs in scope as the entries themselves say them, in the plainest way: what every faster way must give, too. */
export async function scanCosts(
  { kysely }: Database<Tables>,
  { tenantId, documentId, from, to, timeZone }: CostScope,
  by: readonly CostKey[],
): Promise<Record<string, unknown>[]> {
  const keys: Record<CostKey, RawBuilder<unknown>> = {
    day: sql`to_char(e.booked_at AT TIME ZONE ${timeZone}::text, 'YYYY-MM-DD')`,
    service: sql`e.service`,
    purpose: sql`e.purpose`,
    provider: sql`e.provider`,
    model: sql`e.model`,
    document: sql`coalesce(e.document_id::text, '')`,
    tag: sql`coalesce(tag.name, '')`,
    tenant: sql`e.tenant_id`,
  }
  const columns = by.map((key, i) => sql`${keys[key]} COLLATE "C" AS ${sql.ref(`key${i}`)}`)
  const places = by.map((_, i) => sql.ref(`key${i}`))
  const { rows } = await sql<Record<string, unknown>>`
    SELECT ${sql.join([...columns, sums])} FROM sluice.ledger_entries e
    ${by.includes('tag') ? sql`LEFT JOIN LATERAL unnest(e.tags) AS tag(name) ON true` : sql``}
    WHERE e.booked_at >= ${from}::timestamptz AND e.booked_at < ${to}::timestamptz
      AND (${tenantId}::text IS NULL OR e.tenant_id = ${tenantId}) AND (${documentId}::uuid IS NULL OR e.document_id = ${documentId}::uuid)
    ${by.length === 0 ? sql`` : sql`GROUP BY ${sql.join(places)} ORDER BY ${sql.join(places)}`}`.execute(kysely)
  return rows.map(row => toRow(row, by))
}

const amount = (column: string) => sql`coalesce(sum(${sql.ref(`e.${column}`)}), 0)::text AS ${sql.ref(column)}`
const sums = sql.join([
  sql`count(DISTINCT e.call_id) FILTER (WHERE e.kind = 'settlement')::int AS calls`,
  sql`count(DISTINCT e.call_id) FILTER (WHERE e.kind = 'settlement' AND e.simulated)::int AS simulated_calls`,
  sql`coalesce(sum(e.units) FILTER (WHERE e.service = 'parse'), 0)::text AS pages`,
  sql`coalesce(sum(e.units) FILTER (WHERE e.service = 'embed'), 0)::text AS tokens`,
  ...['cost_nano_usd', 'shadow_nano_usd', 'held_nano_usd', 'avoided_nano_usd', 'avoided_shadow_nano_usd'].map(amount),
  sql`coalesce(sum(e.held_nano_usd) FILTER (WHERE e.call_id IN (SELECT call_id FROM sluice.holds WHERE state = 'unknown')), 0)::text
    AS in_doubt_nano_usd`,
])

function toRow({ pages, tokens, ...row }: Record<string, unknown>, by: readonly CostKey[]): Record<string, unknown> {
  const named = Object.entries(row).map(([name, value]) => {
    const key = by[Number(/^key(\d)$/.exec(name)?.[1])]
    if (key === undefined) return [name, value]
    if (key === 'document') return ['documentId', value || null]
    return [key === 'tenant' ? 'tenantId' : key, value]
  })
  return { ...Object.fromEntries(named), units: { pages, tokens } }
}
