import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

export interface CostLine {
  documentId: string | null
  service: string
  provider: string
  model: string
  simulated: boolean
  calls: number
  units: bigint
  costNanoUsd: bigint
  shadowNanoUsd: bigint
}

/** A tenant's costs by document (all, or the given ones), service, provider and model. */
export async function readCosts(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  tenantId: string,
  documentIds: readonly string[] | null,
): Promise<CostLine[]> {
  const { rows } = await sql<CostLine>`
    SELECT document_id, service, provider, model, simulated, count(DISTINCT call_id)::int AS calls, sum(units)::bigint AS units,
      sum(cost_nano_usd)::bigint AS cost_nano_usd, sum(shadow_nano_usd)::bigint AS shadow_nano_usd
    FROM sluice.ledger_entries
    WHERE tenant_id = ${tenantId} AND kind IN ('settlement', 'overrun', 'adjustment') AND (${documentIds}::uuid[] IS NULL OR document_id = ANY(${documentIds}::uuid[]))
    GROUP BY document_id, service, provider, model, simulated
    ORDER BY document_id, service`.execute(kysely)
  return rows
}
