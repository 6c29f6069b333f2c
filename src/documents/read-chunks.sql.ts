import { sql } from 'kysely'
import type { Chunk } from '../contract/chunk.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** The chunks of one page of the live version, in their order; none while nothing is live. */
export async function readPageChunks(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  tenantId: string,
  documentId: string,
  pageNumber: number,
): Promise<Chunk[]> {
  const { rows } = await sql<Omit<Chunk, 'headingPath'> & { headingPath: string }>`
    SELECT c.ordinal, c.page_number, c.start_offset AS start, c.end_offset AS "end", c.heading_path, c.text, c.token_count
    FROM sluice.documents d
    JOIN sluice.chunks c ON c.tenant_id = d.tenant_id AND c.version_id = d.live_version_id
    WHERE d.tenant_id = ${tenantId} AND d.document_id = ${documentId}::uuid AND c.page_number = ${pageNumber}
    ORDER BY c.ordinal`.execute(kysely)
  return rows.map(({ headingPath, ...row }) => ({ ...row, headingPath: headingPath.split('\n').filter(Boolean) }))
}
