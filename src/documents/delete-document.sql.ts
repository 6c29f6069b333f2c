import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/**
 * Deletes a document with its versions, pages, chunks and jobs, and the vectors that no other chunk uses. Ledger entries stay:
 * what was spent was spent. Returns the hash of the bytes, for the blob store, or null when there is no such document.
 */
export async function deleteDocument(
  { kysely }: Session<Tables>,
  tenantId: string,
  documentId: string,
): Promise<Buffer | null> {
  // Jobs first, as stages do: they hold their job when they write what belongs to the document.
  await sql`
    SELECT FROM sluice.jobs WHERE tenant_id = ${tenantId} AND document_id = ${documentId}::uuid ORDER BY job_id FOR UPDATE`.execute(
    kysely,
  )
  const texts = await sql<{ textHash: Buffer }>`
    SELECT DISTINCT c.text_hash FROM sluice.versions v JOIN sluice.chunks c USING (tenant_id, version_id)
    WHERE v.tenant_id = ${tenantId} AND v.document_id = ${documentId}::uuid`.execute(kysely)
  const { rows } = await sql<{ sha256: Buffer }>`
    DELETE FROM sluice.documents WHERE tenant_id = ${tenantId} AND document_id = ${documentId}::uuid RETURNING sha256`.execute(
    kysely,
  )
  if (!rows[0]) return null
  await sql`DELETE FROM sluice.idempotency_keys WHERE tenant_id = ${tenantId} AND document_id = ${documentId}::uuid`.execute(
    kysely,
  )
  await sql`
    DELETE FROM sluice.embeddings e WHERE e.tenant_id = ${tenantId} AND e.text_hash = ANY(${texts.rows.map(t => t.textHash)}::bytea[])
      AND NOT EXISTS (SELECT 1 FROM sluice.chunks c WHERE c.tenant_id = e.tenant_id AND c.text_hash = e.text_hash)`.execute(
    kysely,
  )
  return rows[0].sha256
}
