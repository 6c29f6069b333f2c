import { sql } from 'kysely'
import type { Attempt } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/**
 * Versions whose tenant's search has been switched to another space since they were begun belong to that one now; a simulated space and a
 * real one are never mixed up.
 */
export async function adoptLiveSpaces({ kysely }: Reader, attempts: readonly Attempt[]): Promise<void> {
  await sql`
    UPDATE sluice.versions v SET space_id = live.space_id
    FROM unnest(${attempts.map(a => a.tenantId)}::text[], ${attempts.map(a => a.versionId)}::uuid[]) AS w(tenant_id, version_id)
    JOIN sluice.tenants t ON t.tenant_id = w.tenant_id
    JOIN sluice.vector_spaces live ON live.tenant_id = t.tenant_id AND live.space_id = t.live_space_id
    JOIN sluice.vector_spaces own ON own.tenant_id = t.tenant_id
    WHERE v.tenant_id = w.tenant_id AND v.version_id = w.version_id AND own.space_id = v.space_id AND v.space_id <> live.space_id
      AND own.provider = live.provider AND own.simulated = live.simulated AND NOT v.routing @> '{"publish": false}'`.execute(
    kysely,
  )
}

/** Keeps search of these tenants in its space until the transaction is over. */
export async function lockLiveSpaces(
  { kysely }: Reader,
  attempts: readonly Pick<Attempt, 'tenantId'>[],
): Promise<void> {
  const tenantIds = [...new Set(attempts.map(a => a.tenantId))].toSorted()
  await sql`SELECT FROM sluice.tenants WHERE tenant_id = ANY(${tenantIds}::text[]) ORDER BY tenant_id FOR SHARE`.execute(
    kysely,
  )
}
