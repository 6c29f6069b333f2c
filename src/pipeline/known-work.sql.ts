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

/** Pages and tokens of different texts that went into a document's live version; null while it has none. */
export async function readLiveUnits(
  { kysely }: Reader,
  tenantId: string,
  documentId: string,
): Promise<{ pages: number; tokens: number } | null> {
  const { rows } = await sql<{ pages: number; tokens: number }>`
    SELECT p.page_count AS pages, (SELECT coalesce(sum(token_count), 0)::int FROM (
      SELECT DISTINCT ON (text_hash) token_count FROM sluice.chunks c
      WHERE c.tenant_id = v.tenant_id AND c.version_id = v.version_id) t) AS tokens
    FROM sluice.documents d
    JOIN sluice.versions v ON v.tenant_id = d.tenant_id AND v.version_id = d.live_version_id
    JOIN sluice.parses p ON p.tenant_id = v.tenant_id AND p.parse_id = v.parse_id
    WHERE d.tenant_id = ${tenantId} AND d.document_id = ${documentId}::uuid`.execute(kysely)
  return rows[0] ?? null
}
