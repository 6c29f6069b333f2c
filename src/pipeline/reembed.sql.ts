import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { WantedText } from './text-order.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface Reembedding {
  tenantId: string
  reembeddingId: string
  spaceId: string
  apiKeyId: string | null
  atDocumentId: string | null
  failures: number
}
type Key = Pick<Reembedding, 'tenantId' | 'reembeddingId'>

/** A text of a live document without a vector in the space. */
export interface LackingText extends WantedText {
  documentId: string
  tags: string[]
}

/** Takes one that nobody works on and whose time has come. */
export async function takeReembedding({ kysely }: Reader, leaseMs: number): Promise<Reembedding | null> {
  const { rows } = await sql<Reembedding>`
    UPDATE sluice.reembeddings r SET leased_until = now() + ${leaseMs}::int * interval '1 millisecond'
    FROM (SELECT tenant_id, reembedding_id FROM sluice.reembeddings
      WHERE state = 'running' AND wake_at <= now() AND leased_until < now() ORDER BY wake_at LIMIT 1 FOR UPDATE SKIP LOCKED) t
    WHERE r.tenant_id = t.tenant_id AND r.reembedding_id = t.reembedding_id
    RETURNING r.tenant_id, r.reembedding_id, r.space_id, r.api_key_id, r.at_document_id, r.failures`.execute(kysely)
  return rows[0] ?? null
}

/** Prolongs the lease; false when it was cancelled. */
export async function prolongLease({ kysely }: Reader, key: Key, leaseMs: number): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sluice.reembeddings SET leased_until = now() + ${leaseMs}::int * interval '1 millisecond'
    WHERE ${is(key)} AND state = 'running' RETURNING reembedding_id`.execute(kysely)
  return rows.length > 0
}

/** Gives it back, to go on after a while. */
export async function parkReembedding(
  { kysely }: Reader,
  key: Key,
  { inMs, waitsFor, failures }: { inMs: number; waitsFor: string | null; failures: number },
): Promise<void> {
  await sql`
    UPDATE sluice.reembeddings SET wake_at = now() + ${Math.round(inMs)}::float8 * interval '1 millisecond',
      leased_until = '-infinity', waits_for = ${waitsFor}, failures = ${failures}, updated_at = now()
    WHERE ${is(key)} AND state = 'running'`.execute(kysely)
}

export async function noteProgress(
  { kysely }: Reader,
  key: Key,
  { embedded, atDocumentId }: { embedded: number; atDocumentId: string | null },
): Promise<void> {
  await sql`
    UPDATE sluice.reembeddings SET embedded_texts = embedded_texts + ${embedded}::int, at_document_id = ${atDocumentId}::uuid,
      failures = 0, waits_for = NULL, updated_at = now()
    WHERE ${is(key)} AND state = 'running'`.execute(kysely)
}

export async function failReembedding({ kysely }: Reader, key: Key, code: string, message: string): Promise<void> {
  await sql`
    UPDATE sluice.reembeddings SET state = 'failed', error_code = ${code}, error_message = ${message}, finished_at = now(),
      updated_at = now(), waits_for = NULL
    WHERE ${is(key)} AND state = 'running'`.execute(kysely)
}

/** The next texts that lack a vector, document by document from the one on where it stands. */
export async function readLackingTexts(
  { kysely }: Reader,
  { tenantId, spaceId, atDocumentId }: Reembedding,
  limit: number,
): Promise<LackingText[]> {
  const { rows } = await sql<LackingText>`
    SELECT DISTINCT ON (d.document_id, c.text_hash) d.document_id, d.tags, c.text_hash, c.token_count
    FROM sluice.documents d
    JOIN sluice.chunks c ON c.tenant_id = d.tenant_id AND c.version_id = d.live_version_id
    WHERE d.tenant_id = ${tenantId} AND coalesce(d.document_id >= ${atDocumentId}::uuid, true)
      AND NOT EXISTS (SELECT FROM sluice.embeddings e
        WHERE e.tenant_id = c.tenant_id AND e.space_id = ${spaceId} AND e.text_hash = c.text_hash)
    ORDER BY d.document_id, c.text_hash LIMIT ${limit}`.execute(kysely)
  return rows
}

/** Whether documents of anybody are to be embedded just now. */
export async function isEmbedding({ kysely }: Reader): Promise<boolean> {
  const { rows } = await sql<{ busy: boolean }>`
    SELECT EXISTS (SELECT FROM sluice.jobs WHERE deadline_at IS NOT NULL AND stage = 'embed' AND state IN ('queued', 'running'))
      AS busy`.execute(kysely)
  return rows[0]?.busy ?? false
}

/**
 * Lets search use the space, for all documents at once, if none of their texts lacks a vector there; false if some do. Whoever publishes
 * a version waits for it and sees the new space, or has published before it looks.
 */
export async function switchSpace({ kysely }: Session<Tables>, key: Reembedding): Promise<boolean> {
  const { tenantId, spaceId } = key
  await sql`SELECT FROM sluice.tenants WHERE tenant_id = ${tenantId} FOR UPDATE`.execute(kysely)
  if ((await readLackingTexts({ kysely }, { ...key, atDocumentId: null }, 1)).length > 0) return false
  const { rows } = await sql`
    UPDATE sluice.reembeddings SET state = 'succeeded', finished_at = now(), updated_at = now(), waits_for = NULL
    WHERE ${is(key)} AND state = 'running' RETURNING reembedding_id`.execute(kysely)
  if (rows.length === 0) return true
  await sql`UPDATE sluice.tenants SET live_space_id = ${spaceId} WHERE tenant_id = ${tenantId}`.execute(kysely)
  await sql`
    UPDATE sluice.versions v SET space_id = ${spaceId}
    WHERE v.tenant_id = ${tenantId} AND v.space_id <> ${spaceId} AND (
      EXISTS (SELECT FROM sluice.documents d WHERE d.tenant_id = v.tenant_id AND d.live_version_id = v.version_id)
      OR EXISTS (SELECT FROM sluice.jobs j WHERE j.tenant_id = v.tenant_id AND j.version_id = v.version_id AND j.deadline_at IS NOT NULL))`.execute(
    kysely,
  )
  return true
}

function is({ tenantId, reembeddingId }: Key) {
  return sql`tenant_id = ${tenantId} AND reembedding_id = ${reembeddingId}::uuid`
}
