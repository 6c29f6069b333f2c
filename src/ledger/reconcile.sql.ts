import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { UsagePeriod } from '../contract/usage-report.ts'
import type { Session } from '../platform/database.ts'
import type { OwnUsageLine, UsageAdjustment } from './compare-usage.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** What the books say of real calls to a provider, by UTC day. */
export async function readOwnUsage(
  { kysely }: Reader,
  provider: string,
  { from, to }: UsagePeriod,
): Promise<OwnUsageLine[]> {
  const { rows } = await sql<OwnUsageLine>`
    SELECT to_char(booked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, provider, service AS operation, model,
      sum(units)::bigint AS units, sum(cost_nano_usd)::bigint AS cost_nano_usd,
      (count(DISTINCT call_id) FILTER (WHERE kind = 'settlement' AND units > 0))::int AS calls
    FROM sluice.ledger_entries
    WHERE provider = ${provider} AND NOT simulated AND kind IN ('settlement', 'overrun')
      AND booked_at >= ${from}::timestamptz AND booked_at < ${to}::timestamptz
    GROUP BY 1, 2, 3, 4 HAVING sum(units) <> 0 OR sum(cost_nano_usd) <> 0
    ORDER BY 1, 3, 4`.execute(kysely)
  return rows
}

/** Every adjustment that was booked for those days. */
export async function readAdjustments(
  { kysely }: Reader,
  provider: string,
  { from, to }: UsagePeriod,
): Promise<UsageAdjustment[]> {
  const { rows } = await sql<UsageAdjustment>`
    SELECT adjustment_key AS key, adjustment_sequence AS sequence, to_char(booked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, provider,
      service AS operation, nullif(model, '*') AS model, cost_nano_usd AS amount_nano_usd
    FROM sluice.ledger_entries
    WHERE tenant_id = '*' AND kind = 'adjustment' AND provider = ${provider}
      AND booked_at >= ${from}::timestamptz AND booked_at < ${to}::timestamptz
    ORDER BY adjustment_key, adjustment_sequence`.execute(kysely)
  return rows
}

/** Books adjustments on all tenants together, at noon of their days; each key and sequence once. Returns how many were new. */
export async function bookAdjustments(
  { kysely }: Reader,
  adjustments: readonly UsageAdjustment[],
  newId: () => string,
): Promise<number> {
  if (adjustments.length === 0) return 0
  const rows = adjustments.map(({ key, sequence, day, provider, operation, model, amountNanoUsd }) => ({
    entry_id: newId(),
    call_id: newId(),
    service: operation,
    provider,
    model: model ?? '*',
    amount: amountNanoUsd.toString(),
    booked_at: `${day}T12:00:00Z`,
    key,
    sequence,
    note: `${provider} reports ${amountNanoUsd > 0n ? 'more' : 'less'} than the books for ${day}`,
  }))
  const answer = await sql<{ booked: number }>`
    SELECT sluice.book_adjustments(${JSON.stringify(rows)}::jsonb) AS booked`.execute(kysely)
  return answer.rows[0]?.booked ?? 0
}
