import { type RawBuilder, sql } from 'kysely'
import type { DocumentDetail, DocumentListQuery, DocumentView } from '../contract/document-view.ts'
import { AppError } from '../contract/failure.ts'
import type { FileType } from '../contract/file-type.ts'
import type { JobState } from '../contract/job.ts'
import type { Provenance, VectorSpace } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import { decodeCursor, encodeCursor } from '../platform/cursor.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** A document as shown, without its newest job, which another room reads. */
export type DocumentFacts = Omit<DocumentView, 'job'>

interface DocumentRow {
  documentId: string
  fileName: string
  fileType: FileType
  byteCount: bigint
  sha256: Buffer
  tags: string[]
  metadata: DocumentView['metadata']
  createdAt: Date
  cursorAt: string
  versionId: string | null
  pageCount: number
  chunkCount: number
  publishedAt: Date
  rolledBackAt: Date | null
  notes: string[]
  parse: Provenance
  embed: VectorSpace
}

/** A tenant's documents, newest first. */
export async function listDocuments(
  { kysely }: Reader,
  tenantId: string,
  { limit, cursor, ...filter }: DocumentListQuery,
): Promise<{ items: DocumentFacts[]; nextCursor: string | null }> {
  const after = cursor === undefined ? null : decodeCursor(cursor)
  const rows = await readRows(
    { kysely },
    sql`
    WHERE d.tenant_id = ${tenantId} ${matching(filter, tenantId)}
      ${after ? sql`AND (d.created_at, d.document_id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql``}
    ORDER BY d.created_at DESC, d.document_id DESC LIMIT ${limit + 1}`,
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const more = rows.length > limit && last
  return {
    items: shown.map(toFacts),
    nextCursor: more ? encodeCursor({ at: last.cursorAt, id: last.documentId }) : null,
  }
}

function matching(
  { state, fileType, name, tag }: Omit<DocumentListQuery, 'limit' | 'cursor'>,
  tenantId: string,
): RawBuilder<unknown> {
  return sql`
    ${fileType ? sql`AND d.file_type = ${fileType}` : sql``}
    ${tag ? sql`AND d.tags @> ARRAY[${tag}::text]` : sql``}
    ${name ? sql`AND strpos(lower(d.file_name), lower(${name}::text)) > 0` : sql``}
    ${state ? inState(state, tenantId) : sql``}`
}

/**
 * Documents whose newest job is in a state. Most have succeeded: of those in the order of the list each is looked at until there are enough.
 * In another state are few: they are found by it, once (OFFSET 0: whatever the planner expects), and then whether the job is its document's newest.
 */
function inState(state: JobState, tenantId: string): RawBuilder<unknown> {
  if (state === 'succeeded') return sql`AND (${newestJob('state', tenantId, sql.ref('d.document_id'))}) = ${state}`
  return sql`
    AND d.document_id = ANY (ARRAY(SELECT j.document_id FROM sluice.jobs j WHERE j.tenant_id = ${tenantId} AND j.state = ${state}
      AND j.job_id = (${newestJob('job_id', tenantId, sql.ref('j.document_id'))}) OFFSET 0))`
}

function newestJob(column: string, tenantId: string, documentId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`SELECT newest.${sql.ref(column)} FROM sluice.jobs newest
    WHERE newest.tenant_id = ${tenantId} AND newest.document_id = ${documentId} ORDER BY newest.created_at DESC, newest.job_id DESC LIMIT 1`
}

/** Throws `document_not_found` for a document that the tenant does not have. */
export async function readDocument({ kysely }: Reader, tenantId: string, documentId: string): Promise<DocumentFacts> {
  const [row] = await readRows({ kysely }, sql`WHERE d.tenant_id = ${tenantId} AND d.document_id = ${documentId}::uuid`)
  if (!row) throw new AppError('document_not_found', `There is no document ${documentId}.`)
  return toFacts(row)
}

export async function readVersions(
  { kysely }: Reader,
  tenantId: string,
  documentId: string,
): Promise<DocumentDetail['versions']> {
  const { rows } = await sql<VersionRow>`
    SELECT v.version_id, d.live_version_id IS NOT DISTINCT FROM v.version_id AS live, v.chunk_settings, p.page_count,
      v.chunk_count, v.created_at, v.published_at, CASE WHEN d.live_version_id = v.version_id THEN d.rolled_back_at END AS rolled_back_at, j.job_id
    FROM sluice.versions v JOIN sluice.documents d USING (tenant_id, document_id) JOIN sluice.jobs j USING (tenant_id, version_id)
    LEFT JOIN sluice.parses p ON p.tenant_id = v.tenant_id AND p.parse_id = v.parse_id
    WHERE v.tenant_id = ${tenantId} AND v.document_id = ${documentId}::uuid
    ORDER BY v.created_at DESC`.execute(kysely)
  return rows.map(row => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    publishedAt: row.publishedAt?.toISOString() ?? null,
    rolledBackAt: row.rolledBackAt?.toISOString() ?? null,
  }))
}

/** A page of a version; `versionId` null: of the live one. */
export interface PageKey {
  documentId: string
  versionId: string | null
  pageNumber: number
}

type VersionRow = Omit<DocumentDetail['versions'][number], 'createdAt' | 'publishedAt' | 'rolledBackAt'> & {
  createdAt: Date
  publishedAt: Date | null
  rolledBackAt: Date | null
}

/** The markdown of one page of a version, of the live one if none is given; null when there is none. */
export async function readPage(
  { kysely }: Reader,
  tenantId: string,
  { documentId, pageNumber, versionId }: PageKey,
): Promise<string | null> {
  const { rows } = await sql<{ markdown: string }>`
    SELECT p.markdown FROM sluice.documents d
    JOIN sluice.versions v ON v.tenant_id = d.tenant_id AND v.document_id = d.document_id
      AND v.version_id = coalesce(${versionId}::uuid, d.live_version_id)
    JOIN sluice.pages p ON p.tenant_id = v.tenant_id AND p.parse_id = v.parse_id
    WHERE d.tenant_id = ${tenantId} AND d.document_id = ${documentId}::uuid AND p.page_number = ${pageNumber}`.execute(
    kysely,
  )
  return rows[0]?.markdown ?? null
}

/** Throws `document_not_found`, or `version_not_found` for a version that the document does not have. */
export async function checkVersion(
  { kysely }: Reader,
  tenantId: string,
  { documentId, versionId }: Pick<PageKey, 'documentId' | 'versionId'>,
): Promise<void> {
  const { rows } = await sql<{ known: boolean }>`
    SELECT EXISTS (SELECT FROM sluice.versions v WHERE v.tenant_id = d.tenant_id AND v.document_id = d.document_id
      AND v.version_id = ${versionId}::uuid) AS known
    FROM sluice.documents d WHERE d.tenant_id = ${tenantId} AND d.document_id = ${documentId}::uuid`.execute(kysely)
  if (!rows[0]) throw new AppError('document_not_found', `There is no document ${documentId}.`)
  if (versionId !== null && !rows[0].known)
    throw new AppError('version_not_found', `Document ${documentId} has no version ${versionId}.`)
}

async function readRows({ kysely }: Reader, rest: RawBuilder<unknown>): Promise<DocumentRow[]> {
  const { rows } = await sql<DocumentRow>`
    SELECT d.document_id, d.file_name, d.file_type, d.byte_count, d.sha256, d.tags, d.metadata, d.created_at,
      to_char(d.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS cursor_at,
      v.version_id, p.page_count, v.chunk_count, v.published_at, d.rolled_back_at, p.notes, p.provenance AS parse,
      jsonb_build_object('provider', s.provider, 'model', s.model, 'dimensions', s.dimensions, 'revision', s.revision,
        'simulated', s.simulated) AS embed
    FROM sluice.documents d
    LEFT JOIN sluice.versions v ON v.tenant_id = d.tenant_id AND v.version_id = d.live_version_id
    LEFT JOIN sluice.parses p ON p.tenant_id = v.tenant_id AND p.parse_id = v.parse_id
    LEFT JOIN sluice.vector_spaces s ON s.tenant_id = v.tenant_id AND s.space_id = v.space_id
    ${rest}`.execute(kysely)
  return rows
}

function toFacts(row: DocumentRow): DocumentFacts {
  return {
    documentId: row.documentId,
    fileName: row.fileName,
    fileType: row.fileType,
    byteCount: Number(row.byteCount),
    sha256: row.sha256.toString('hex'),
    tags: row.tags,
    metadata: row.metadata,
    createdAt: row.createdAt.toISOString(),
    live: row.versionId === null ? null : toLive(row, row.versionId),
  }
}

function toLive(row: DocumentRow, versionId: string): NonNullable<DocumentFacts['live']> {
  const { pageCount, chunkCount, rolledBackAt, notes, parse, embed } = row
  return {
    versionId,
    pageCount,
    chunkCount,
    publishedAt: row.publishedAt.toISOString(),
    rolledBackAt: rolledBackAt?.toISOString() ?? null,
    notes,
    provenance: { parse, embed },
  }
}
