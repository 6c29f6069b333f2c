import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

export interface TenantFailures {
  tenantId: string
  failed: number
  /** Succeeded or failed; what was cancelled says nothing. */
  ended: number
}

/** How many of each tenant's jobs ended within the last `minutes`; tenants of which none failed are left out. */
export async function countFailures(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  minutes: number,
): Promise<TenantFailures[]> {
  const { rows } = await sql<TenantFailures>`
    SELECT t.tenant_id, e.failed, e.ended FROM sluice.tenants t CROSS JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE j.state = 'failed'))::int AS failed, count(*)::int AS ended FROM sluice.jobs j
      WHERE j.tenant_id = t.tenant_id AND j.finished_at > now() - ${minutes}::int * interval '1 minute'
        AND j.state IN ('succeeded', 'failed')) e
    WHERE e.failed > 0`.execute(kysely)
  return rows
}
