import { sql } from 'kysely'
import type { BudgetSettings } from '../contract/budget.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { DailySpending } from './daily-spending.sql.ts'
import type { HistoryBounds } from './forecast-window.ts'
import { dayOf, entriesOfParts, isNotSplit, tenantIs, within } from './spending.sql.ts'
import { wholeHours } from './whole-hours.ts'

/** What was spent on each day of the bounds under a budget's tag, with its API key, or both: by its tenant, whatever the service. */
export async function readLabelledSpending(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  budget: Pick<BudgetSettings, 'tenantId' | 'tag' | 'apiKeyId'>,
  { dayStarts, endOfToday }: HistoryBounds,
): Promise<DailySpending[]> {
  const { tag, apiKeyId } = budget
  const tenantId = budget.tenantId === '*' ? null : budget.tenantId
  const { hours, parts } = wholeHours({ from: dayStarts[0] ?? endOfToday, to: endOfToday }, dayStarts)
  if (!hours) return []
  const isLabelled = (table: string) => sql`
    (${tag}::text IS NULL OR ${tag} = ANY (${sql.ref(`${table}.tags`)}))
    AND (${apiKeyId}::uuid IS NULL OR ${sql.ref(`${table}.api_key_id`)} = ${apiKeyId}::uuid)`
  const columns = (table: string, at: string) => sql`
    SELECT ${dayOf(sql.ref(`${table}.${at}`), dayStarts)} - 1 AS day, ${sql.join(shown.map(name => sql.ref(`${table}.${name}`)))}`
  const changedIn = sql`date_trunc('hour', c.booked_at, 'UTC')`
  const { rows } = await sql<DailySpending>`
    SELECT day, tenant_id, service, provider, sum(cost_nano_usd)::bigint AS real_nano_usd, sum(shadow_nano_usd)::bigint AS shadow_nano_usd
    FROM (
      ${columns('h', 'hour')} FROM sluice.spending_by_label h
      WHERE h.tag = ${tag ?? ''} AND (${apiKeyId}::text IS NULL OR h.api_key = ${apiKeyId}::text) ${tenantIs('h', tenantId)}
        AND ${within(sql.ref('h.hour'), hours)} ${isNotSplit(sql.ref('h.hour'), hours)}
      UNION ALL ${columns('c', 'booked_at')} FROM sluice.spending_changes c
      WHERE ${isLabelled('c')} ${tenantIs('c', tenantId)} AND ${within(sql.ref('c.booked_at'), hours)} ${isNotSplit(changedIn, hours)}
      UNION ALL ${columns('e', 'booked_at')} FROM ${entriesOfParts(parts, tenantId)} WHERE ${isLabelled('e')}) AS s
    GROUP BY day, tenant_id, service, provider`.execute(kysely)
  return rows
}

const shown = ['tenant_id', 'service', 'provider', 'cost_nano_usd', 'shadow_nano_usd']
