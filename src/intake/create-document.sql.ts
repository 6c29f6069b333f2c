import { sql } from 'kysely'
import type { ChunkSettings } from '../contract/chunk.ts'
import type { FileType } from '../contract/file-type.ts'
import type { ParseOptions } from '../contract/parse-options.ts'
import type { RouteWish } from '../contract/routing.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

export interface NewDocument {
  tenantId: string
  documentId: string
  sha256: Buffer
  byteCount: number
  fileName: string
  fileType: FileType
  metadata: Record<string, unknown>
  tags: readonly string[]
}

/** Inserts the document with its first version and returns the time; null when the tenant has a document of these bytes. */
export async function insertDocument(
  { kysely }: Session<Tables>,
  document: NewDocument,
  version: Pick<NewVersion, 'versionId' | 'chunkSettings' | 'parseOptions' | 'routing' | 'upgradeOf' | 'spaceId'>,
): Promise<Date | null> {
  const { rows } = await sql<{ createdAt: Date }>`
    WITH created AS (
      INSERT INTO sluice.documents (tenant_id, document_id, sha256, byte_count, file_name, file_type, metadata, tags)
      VALUES (${document.tenantId}, ${document.documentId}, ${document.sha256}, ${document.byteCount}, ${document.fileName},
        ${document.fileType}, ${JSON.stringify(document.metadata)}::jsonb, ${[...document.tags]}::text[])
      ON CONFLICT (tenant_id, sha256) DO NOTHING RETURNING tenant_id, document_id, created_at
    ), version AS (
      INSERT INTO sluice.versions (tenant_id, version_id, document_id, chunk_settings, parse_options, routing, space_id)
      SELECT tenant_id, ${version.versionId}::uuid, document_id, ${JSON.stringify(version.chunkSettings)}::jsonb,
        ${JSON.stringify(version.parseOptions)}::jsonb, ${JSON.stringify(version.routing)}::jsonb, ${version.spaceId}
      FROM created
    )
    SELECT created_at FROM created`.execute(kysely)
  return rows[0]?.createdAt ?? null
}

/** The tenant's document of the same bytes. */
export async function findByBytes(
  { kysely }: Session<Tables>,
  { tenantId, sha256 }: Pick<NewDocument, 'tenantId' | 'sha256'>,
): Promise<string> {
  const { rows } = await sql<{ documentId: string }>`
    SELECT document_id FROM sluice.documents WHERE tenant_id = ${tenantId} AND sha256 = ${sha256}`.execute(kysely)
  const documentId = rows[0]?.documentId
  if (!documentId) throw new Error('the document with the same bytes was deleted in this moment')
  return documentId
}

export interface NewVersion {
  tenantId: string
  versionId: string
  documentId: string
  chunkSettings: ChunkSettings
  parseOptions: ParseOptions
  routing: RouteWish
  /** The version with a provisional parse that this one is to replace. */
  upgradeOf: string | null
  spaceId: string
}

export async function insertVersion({ kysely }: Session<Tables>, version: NewVersion): Promise<void> {
  await sql`
    INSERT INTO sluice.versions (tenant_id, version_id, document_id, chunk_settings, parse_options, routing, upgrade_of, space_id)
    VALUES (${version.tenantId}, ${version.versionId}, ${version.documentId}, ${JSON.stringify(version.chunkSettings)}::jsonb,
      ${JSON.stringify(version.parseOptions)}::jsonb, ${JSON.stringify(version.routing)}::jsonb, ${version.upgradeOf}::uuid,
      ${version.spaceId})`.execute(kysely)
}

export interface RememberedAnswer {
  requestHash: Buffer
  status: number
  documentId: string
}

/** Waits for a concurrent request with the same key, if there is one, and returns its answer; null for a new key. */
export async function findAnswer(
  { kysely }: Session<Tables>,
  tenantId: string,
  key: string,
): Promise<RememberedAnswer | null> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${tenantId}/${key}`}, 0))`.execute(kysely)
  const { rows } = await sql<RememberedAnswer>`
    SELECT request_hash, status, document_id FROM sluice.idempotency_keys
    WHERE tenant_id = ${tenantId} AND idempotency_key = ${key}`.execute(kysely)
  return rows[0] ?? null
}

export async function rememberAnswer(
  { kysely }: Session<Tables>,
  tenantId: string,
  key: string,
  answer: RememberedAnswer,
): Promise<void> {
  await sql`
    INSERT INTO sluice.idempotency_keys (tenant_id, idempotency_key, request_hash, status, document_id)
    VALUES (${tenantId}, ${key}, ${answer.requestHash}, ${answer.status}, ${answer.documentId})`.execute(kysely)
}
