import { sql } from 'kysely'
import type { FileType } from '../contract/file-type.ts'
import type { MeteredResult } from '../contract/metered-service.ts'
import type { ParseOptions } from '../contract/parse-options.ts'
import type { ParseOutput } from '../contract/parse-service.ts'
import type { RouteWish } from '../contract/routing.ts'
import type { Attempt } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import { copyIn } from '../platform/copy-in.ts'
import { encodeCopyRows } from '../platform/copy-rows.ts'
import type { Session } from '../platform/database.ts'

export interface ParseTask {
  jobId: string
  sha256: Buffer
  byteCount: bigint
  fileType: FileType
  parseOptions: ParseOptions
  routing: RouteWish
  /** Made to replace a provisional version: nobody is to step in again. */
  isUpgrade: boolean
  /** The parses that there are of the same bytes, under whatever settings. */
  parses: { settingsKey: string; parseId: string; pageCount: number }[]
}

/** What there is to parse, by job. For `OFFSET 0` see chunk-stage.sql.ts. */
export async function readParseTasks(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  attempts: readonly Attempt[],
): Promise<Map<string, ParseTask>> {
  const { rows } = await sql<ParseTask>`
    SELECT a.job_id, d.sha256, d.byte_count, d.file_type, v.parse_options, v.routing, v.is_upgrade, p.parses
    FROM unnest(${attempts.map(a => a.tenantId)}::text[], ${attempts.map(a => a.documentId)}::uuid[],
      ${attempts.map(a => a.jobId)}::uuid[], ${attempts.map(a => a.versionId)}::uuid[]) AS a(tenant_id, document_id, job_id, version_id)
    CROSS JOIN LATERAL (
      SELECT sha256, byte_count, file_type FROM sluice.documents
      WHERE tenant_id = a.tenant_id AND document_id = a.document_id OFFSET 0) d
    CROSS JOIN LATERAL (
      SELECT parse_options, routing || coalesce(routed_as, '{}') AS routing, upgrade_of IS NOT NULL AS is_upgrade
      FROM sluice.versions WHERE tenant_id = a.tenant_id AND version_id = a.version_id OFFSET 0) v
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(jsonb_build_object('settingsKey', settings_key, 'parseId', parse_id, 'pageCount', page_count)), '[]')
        AS parses FROM sluice.parses WHERE tenant_id = a.tenant_id AND document_id = a.document_id) p`.execute(kysely)
  return new Map(rows.map(row => [row.jobId, row]))
}

/** Lets a version's parse end as it was begun. */
export async function keepRoute(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  { tenantId, versionId }: Pick<Attempt, 'tenantId' | 'versionId'>,
  wish: RouteWish,
): Promise<void> {
  await sql`
    UPDATE sluice.versions SET routed_as = ${JSON.stringify(wish)}::jsonb
    WHERE tenant_id = ${tenantId} AND version_id = ${versionId}::uuid AND routed_as IS DISTINCT FROM ${JSON.stringify(wish)}::jsonb`.execute(
    kysely,
  )
}

/** Points versions to parses that exist. */
export async function useParses(
  { kysely }: Session<Tables>,
  uses: readonly { attempt: Attempt; parseId: string }[],
): Promise<void> {
  if (uses.length === 0) return
  await sql`
    UPDATE sluice.versions v SET parse_id = u.parse_id
    FROM unnest(${uses.map(u => u.attempt.tenantId)}::text[], ${uses.map(u => u.attempt.versionId)}::uuid[],
      ${uses.map(u => u.parseId)}::uuid[]) AS u(tenant_id, version_id, parse_id)
    WHERE v.tenant_id = u.tenant_id AND v.version_id = u.version_id`.execute(kysely)
}

/** A parse with its pages; null when it has been removed meanwhile. */
export async function readKeptParse(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  tenantId: string,
  parseId: string,
): Promise<Pick<MeteredResult<ParseOutput>, 'output' | 'provenance'> | null> {
  const { rows } = await sql<ParseOutput & Pick<MeteredResult<ParseOutput>, 'provenance'>>`
    SELECT p.notes, p.provenance, (
      SELECT coalesce(jsonb_agg(jsonb_build_object('pageNumber', g.page_number, 'markdown', g.markdown) ORDER BY g.page_number), '[]')
      FROM sluice.pages g WHERE g.tenant_id = p.tenant_id AND g.parse_id = p.parse_id) AS pages
    FROM sluice.parses p WHERE p.tenant_id = ${tenantId} AND p.parse_id = ${parseId}::uuid`.execute(kysely)
  const [row] = rows
  return row ? { output: { pages: row.pages, notes: row.notes }, provenance: row.provenance } : null
}

/** Removes what was kept until a parse was whole. */
export async function dropParses(
  { kysely }: Session<Tables>,
  parses: readonly { attempt: Attempt; keptParseId: string | null }[],
): Promise<void> {
  const kept = parses.filter(parse => parse.keptParseId !== null)
  if (kept.length === 0) return
  await sql`
    DELETE FROM sluice.parses p
    USING unnest(${kept.map(k => k.attempt.tenantId)}::text[], ${kept.map(k => k.keptParseId)}::uuid[]) AS k(tenant_id, parse_id)
    WHERE p.tenant_id = k.tenant_id AND p.parse_id = k.parse_id`.execute(kysely)
}

export interface NewParse {
  attempt: Attempt
  parseId: string
  result: MeteredResult<ParseOutput>
}

/**
 * Stores parses with their pages; where another worker stored the same parse meanwhile, that one is used. Documents that have been
 * deleted meanwhile are left out. `use` points the attempts' versions to them.
 */
export async function saveParses(
  session: Session<Tables>,
  parses: readonly NewParse[],
  { use }: { use: boolean },
): Promise<void> {
  if (parses.length === 0) return
  const { rows } = await sql<{ tenantId: string; documentId: string; settingsKey: string; parseId: string }>`
    INSERT INTO sluice.parses (tenant_id, parse_id, document_id, settings_key, page_count, notes, provenance)
    SELECT DISTINCT ON (tenant_id, document_id, settings_key) tenant_id, parse_id, document_id, settings_key, page_count, notes, provenance
    FROM jsonb_to_recordset(${JSON.stringify(parses.map(toRow))}::jsonb) AS p(
      tenant_id text, parse_id uuid, document_id uuid, settings_key text, page_count int, notes text[], provenance jsonb)
    WHERE EXISTS (SELECT FROM sluice.documents d WHERE d.tenant_id = p.tenant_id AND d.document_id = p.document_id)
    ON CONFLICT (tenant_id, document_id, settings_key) DO UPDATE SET settings_key = excluded.settings_key
    RETURNING tenant_id, document_id, settings_key, parse_id`.execute(session.kysely)
  const stored = new Map(rows.map(row => [`${row.tenantId}/${row.documentId}/${row.settingsKey}`, row.parseId]))
  const uses = parses.map(parse => ({
    ...parse,
    stored: stored.get(`${parse.attempt.tenantId}/${parse.attempt.documentId}/${parse.result.variant}`),
  }))
  await copyPages(
    session,
    uses.filter(use => use.stored === use.parseId),
  )
  await useParses(
    session,
    uses.flatMap(({ attempt, stored }) => (use && stored !== undefined ? [{ attempt, parseId: stored }] : [])),
  )
}

function toRow({ attempt, parseId, result }: NewParse) {
  return {
    tenant_id: attempt.tenantId,
    parse_id: parseId,
    document_id: attempt.documentId,
    settings_key: result.variant,
    page_count: result.output.pages.length,
    notes: result.output.notes,
    provenance: result.provenance,
  }
}

async function copyPages({ client }: Session<Tables>, parses: readonly NewParse[]): Promise<void> {
  const rows = parses.flatMap(({ attempt, parseId, result }) =>
    result.output.pages.map(page => [
      { text: attempt.tenantId },
      { uuid: parseId },
      { int4: page.pageNumber },
      { text: page.markdown },
    ]),
  )
  const statement = 'COPY sluice.pages (tenant_id, parse_id, page_number, markdown) FROM STDIN (FORMAT binary)'
  await copyIn(client, statement, encodeCopyRows(rows))
}
