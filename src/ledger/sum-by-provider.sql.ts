import { sql } from 'kysely'
import type { ServiceName } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** What the books say of one provider, real or simulated. Amounts are sums; `document…` those of calls for documents. */
export interface ProviderSums {
  service: ServiceName
  provider: string
  simulated: boolean
  models: string[]
  calls: number
  documents: number
  units: bigint
  costNanoUsd: bigint
  shadowNanoUsd: bigint
  documentCostNanoUsd: bigint
  documentShadowNanoUsd: bigint
}

/** By service, provider, and whether it was simulated; of all tenants if none is given. What was held or avoided is no part of it. */
export async function sumByProvider(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  { tenantId, from, to }: { tenantId: string | null; from: Date; to: Date },
): Promise<ProviderSums[]> {
  const { rows } = await sql<ProviderSums>`
    SELECT service, provider, simulated, array_agg(DISTINCT model) AS models,
      (count(DISTINCT call_id) FILTER (WHERE kind = 'settlement'))::int AS calls,
      (count(DISTINCT document_id) FILTER (WHERE kind = 'settlement' AND units > 0))::int AS documents,
      coalesce(sum(units) FILTER (WHERE kind = 'settlement'), 0)::bigint AS units,
      sum(cost_nano_usd)::bigint AS cost_nano_usd, sum(shadow_nano_usd)::bigint AS shadow_nano_usd,
      coalesce(sum(cost_nano_usd) FILTER (WHERE document_id IS NOT NULL), 0)::bigint AS document_cost_nano_usd,
      coalesce(sum(shadow_nano_usd) FILTER (WHERE document_id IS NOT NULL), 0)::bigint AS document_shadow_nano_usd
    FROM sluice.ledger_entries
    WHERE kind IN ('settlement', 'overrun', 'adjustment') AND booked_at >= ${from}::timestamptz AND booked_at < ${to}::timestamptz
      ${tenantId === null ? sql`` : sql`AND tenant_id = ${tenantId}`}
    GROUP BY service, provider, simulated ORDER BY service, provider, simulated`.execute(kysely)
  return rows
}
