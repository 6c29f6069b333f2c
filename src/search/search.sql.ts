import { sql } from 'kysely'
import type { FileType } from '../contract/file-type.ts'
import type { NamedSpace, Provenance, VectorSpace } from '../contract/provenance.ts'
import type { SearchFilters } from '../contract/search.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface VectorMatch {
  key: string
  versionId: string
  ordinal: number
  cosineSimilarity: number
}

/** How many candidates an index scan looks at: recall against speed (pgvector's default is 40, its most 1,000). */
export const indexScanEffort = 500

/** An exact scan ignores these. Iterating goes on where filters leave too few hits. */
const scanSettings = sql`
  SELECT set_config('hnsw.ef_search', ${String(indexScanEffort)}, true), set_config('hnsw.iterative_scan', 'strict_order', true)`

/**
 * The nearest live chunks by cosine distance, inside a transaction (settings are local to it). The cast to fixed dimensions
 * and the space condition are those of the optional index (vector-index.sql.ts); without it the scan is exact.
 */
export async function findNearest(
  { kysely }: Session<Tables>,
  tenantId: string,
  space: NamedSpace,
  queryVector: Float32Array,
  filters: SearchFilters,
  limit: number,
): Promise<VectorMatch[]> {
  const type = sql.raw(indexedType(space.dimensions))
  await scanSettings.execute(kysely)
  const { rows } = await sql<VectorMatch>`
    SELECT version_id || '/' || ordinal AS key, version_id, ordinal, 1 - distance AS cosine_similarity
    FROM (
      SELECT c.version_id, c.ordinal, e.embedding::${type} <=> ${toText(queryVector)}::${type} AS distance
      FROM sluice.embeddings e
      JOIN sluice.chunks c ON c.tenant_id = e.tenant_id AND c.text_hash = e.text_hash
      JOIN sluice.documents d ON d.tenant_id = c.tenant_id AND d.live_version_id = c.version_id
      WHERE e.tenant_id = ${tenantId} AND e.space_id = ${space.spaceId} ${matching(filters)}
      ORDER BY distance LIMIT ${limit}
    ) nearest
    ORDER BY distance`.execute(kysely)
  return rows
}

/** What vectors are compared as: an index can hold no larger ones of full precision (source: pgvector's README). */
export function indexedType(dimensions: number): string {
  return dimensions <= 2_000 ? `vector(${dimensions})` : `halfvec(${dimensions})`
}

export interface TextMatch {
  key: string
  versionId: string
  ordinal: number
  textRank: number
}

/** The live chunks that contain words of the query, best first by cover density; chunks with more of the words come first. */
export async function findByText(
  { kysely }: Reader,
  tenantId: string,
  query: string,
  filters: SearchFilters,
  limit: number,
): Promise<TextMatch[]> {
  const { rows } = await sql<TextMatch>`
    WITH q AS (SELECT ${anyWord(query)} AS words)
    SELECT c.version_id || '/' || c.ordinal AS key, c.version_id, c.ordinal, ts_rank(c.search_text, q.words, 1) AS text_rank
    FROM q, sluice.chunks c
    JOIN sluice.documents d ON d.tenant_id = c.tenant_id AND d.live_version_id = c.version_id
    WHERE c.tenant_id = ${tenantId} AND c.search_text @@ q.words ${matching(filters)}
    ORDER BY text_rank DESC, c.version_id, c.ordinal
    LIMIT ${limit}`.execute(kysely)
  return rows
}

export interface HitRow {
  key: string
  documentId: string
  versionId: string
  fileName: string
  fileType: FileType
  metadata: Record<string, never>
  ordinal: number
  pageNumber: number
  headingPath: string
  start: number
  end: number
  text: string
  marked: string
  parse: Provenance
  embed: VectorSpace
}

/** What a highlight is wrapped in by the database: two private-use characters, which are replaced where a text has them itself. */
export const marks = { start: '\uE000', end: '\uE001' }

/** The chunks of the final hits, with the query's words marked. */
export async function readHits(
  { kysely }: Reader,
  tenantId: string,
  query: string,
  chunks: readonly { versionId: string; ordinal: number }[],
): Promise<HitRow[]> {
  const options = `StartSel=${marks.start},StopSel=${marks.end},HighlightAll=true`
  const { rows } = await sql<HitRow>`
    SELECT c.version_id || '/' || c.ordinal AS key, d.document_id, c.version_id, d.file_name, d.file_type, d.metadata, c.ordinal,
      c.page_number, c.heading_path, c.start_offset AS start, c.end_offset AS "end", c.text,
      ts_headline('english', translate(c.text, ${marks.start + marks.end}, '\uFFFD\uFFFD'), ${anyWord(query)}, ${options}) AS marked,
      p.provenance AS parse,
      jsonb_build_object('provider', s.provider, 'model', s.model, 'dimensions', s.dimensions, 'revision', s.revision,
        'simulated', s.simulated) AS embed
    FROM unnest(${chunks.map(c => c.versionId)}::uuid[], ${chunks.map(c => c.ordinal)}::int[]) AS w(version_id, ordinal)
    JOIN sluice.chunks c ON c.tenant_id = ${tenantId} AND c.version_id = w.version_id AND c.ordinal = w.ordinal
    JOIN sluice.versions v ON v.tenant_id = c.tenant_id AND v.version_id = c.version_id
    JOIN sluice.documents d ON d.tenant_id = v.tenant_id AND d.document_id = v.document_id
    JOIN sluice.parses p ON p.tenant_id = v.tenant_id AND p.parse_id = v.parse_id
    JOIN sluice.vector_spaces s ON s.tenant_id = v.tenant_id AND s.space_id = v.space_id`.execute(kysely)
  return rows
}

/** Any of the words, stemmed and without stop words: a question rarely has all of its words in the answer. */
function anyWord(query: string) {
  const quoted = sql.raw(String.raw`'''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || ''''`)
  return sql`(SELECT coalesce(string_agg(${quoted}, ' | '), '')::tsquery FROM unnest(to_tsvector('english', ${query})))`
}

function matching(filters: SearchFilters) {
  const conditions = [
    filters.documentIds && sql`AND d.document_id = ANY(${filters.documentIds}::uuid[])`,
    filters.fileTypes && sql`AND d.file_type = ANY(${filters.fileTypes}::text[])`,
    filters.createdAfter && sql`AND d.created_at >= ${filters.createdAfter}::timestamptz`,
    filters.createdBefore && sql`AND d.created_at < ${filters.createdBefore}::timestamptz`,
    filters.metadata && sql`AND d.metadata @> ${JSON.stringify(filters.metadata)}::jsonb`,
  ]
  return sql.join(
    conditions.filter(c => c !== undefined),
    sql` `,
  )
}

function toText(vector: Float32Array): string {
  return `[${vector.join(',')}]`
}
