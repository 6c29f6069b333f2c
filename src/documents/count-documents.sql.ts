import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

interface Counts {
  documents: number
  provisionalDocuments: number
}

/** How many documents a tenant has, and how many of them are served by a version that stands in for something better. */
export async function countDocuments({ kysely }: Pick<Session<Tables>, 'kysely'>, tenantId: string): Promise<Counts> {
  const { rows } = await sql<Counts>`
    SELECT (SELECT count(*) FROM sluice.documents WHERE tenant_id = ${tenantId})::int AS documents,
      (SELECT count(*) FROM sluice.parses p
        JOIN sluice.versions v ON v.tenant_id = p.tenant_id AND v.parse_id = p.parse_id
        JOIN sluice.documents d ON d.tenant_id = v.tenant_id AND d.live_version_id = v.version_id
        WHERE p.tenant_id = ${tenantId} AND p.provenance @> '{"provisional": true}')::int AS provisional_documents`.execute(
    kysely,
  )
  return rows[0] ?? { documents: 0, provisionalDocuments: 0 }
}
