import { sql } from 'kysely'
import type { NamedSpace } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

const columns = sql.raw('s.space_id, s.provider, s.model, s.dimensions, s.revision, s.simulated')

/** The space that a tenant's search uses; null before its first document. */
export async function readLiveSpace({ kysely }: Reader, tenantId: string): Promise<NamedSpace | null> {
  const { rows } = await sql<NamedSpace>`
    SELECT ${columns} FROM sluice.tenants t
    JOIN sluice.vector_spaces s ON s.tenant_id = t.tenant_id AND s.space_id = t.live_space_id
    WHERE t.tenant_id = ${tenantId}`.execute(kysely)
  return rows[0] ?? null
}

/** One of a tenant's spaces. */
export async function readSpace({ kysely }: Reader, tenantId: string, spaceId: string): Promise<NamedSpace | null> {
  const { rows } = await sql<NamedSpace>`
    SELECT ${columns} FROM sluice.vector_spaces s WHERE s.tenant_id = ${tenantId} AND s.space_id = ${spaceId}`.execute(
    kysely,
  )
  return rows[0] ?? null
}

/** Makes sure that the tenant has the space; its first one becomes the one that is searched. */
export async function ensureSpace({ kysely }: Reader, tenantId: string, space: NamedSpace): Promise<void> {
  const { spaceId, provider, model, dimensions, revision, simulated } = space
  await sql`
    WITH made AS (
      INSERT INTO sluice.vector_spaces (tenant_id, space_id, provider, model, dimensions, revision, simulated)
      VALUES (${tenantId}, ${spaceId}, ${provider}, ${model}, ${dimensions}, ${revision}, ${simulated})
      ON CONFLICT DO NOTHING
    )
    UPDATE sluice.tenants SET live_space_id = ${spaceId} WHERE tenant_id = ${tenantId} AND live_space_id IS NULL`.execute(
    kysely,
  )
}
