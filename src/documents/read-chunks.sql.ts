import { sql } from 'kysely'
import type { Chunk } from '../contract/chunk.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { PageKey } from './read-documents.sql.ts'

/** The chunks of one page of a version, in their order; of the live one if none is given, and none while nothing is live. */
export async function readPageChunks(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  tenantId: string,
  { documentId, versionId, pageNumber }: PageKey,
): Promise<Chunk[]> {
  const { rows } = await sql<Omit<Chunk, 'headingPath'> & { headingPath: string }>`
    SELECT c.ordinal, c.page_number, c.start_offset AS start, c.end_offset AS "end", c.heading_path, c.text, c.token_count
    FROM sluice.documents d
    JOIN sluice.versions v ON v.tenant_id = d.tenant_id AND v.document_id = d.document_id
      AND v.version_id = coalesce(${versionId}::uuid, d.live_version_id)
    JOIN sluice.chunks c ON c.tenant_id = v.tenant_id AND c.version_id = v.version_id
    WHERE d.tenant_id = ${tenantId} AND d.document_id = ${documentId}::uuid AND c.page_number = ${pageNumber}
    ORDER BY c.ordinal`.execute(kysely)
  return rows.map(({ headingPath, ...row }) => ({ ...row, headingPath: headingPath.split('\n').filter(Boolean) }))
}
