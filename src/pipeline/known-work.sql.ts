import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** The tenant's document of these bytes, and whether it has been parsed under the settings; null when there is none. */
export async function findKnownDocument(
  { kysely }: Reader,
  tenantId: string,
  sha256: Buffer,
  settingsKey: string,
): Promise<{ documentId: string; parsed: boolean } | null> {
  const { rows } = await sql<{ documentId: string; parsed: boolean }>`
    SELECT d.document_id, EXISTS (SELECT FROM sluice.parses p WHERE p.tenant_id = d.tenant_id AND p.document_id = d.document_id
      AND p.settings_key = ${settingsKey}) AS parsed
    FROM sluice.documents d WHERE d.tenant_id = ${tenantId} AND d.sha256 = ${sha256}`.execute(kysely)
  return rows[0] ?? null
}

/** Which of these texts have a vector in the space, as the hex of their hashes. */
export async function findKnownTexts(
  { kysely }: Reader,
  tenantId: string,
  spaceId: string,
  textHashes: readonly Buffer[],
): Promise<Set<string>> {
  const { rows } = await sql<{ textHash: Buffer }>`
    SELECT text_hash FROM sluice.embeddings
    WHERE tenant_id = ${tenantId} AND space_id = ${spaceId} AND text_hash = ANY(${[...textHashes]}::bytea[])`.execute(
    kysely,
  )
  return new Set(rows.map(row => row.textHash.toString('hex')))
}
