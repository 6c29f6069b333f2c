import { sql } from 'kysely'
import type { ParsedPage } from '../contract/page.ts'
import type { Provenance, VectorSpace } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { mostChunks } from './compare-neighbours.ts'
import type { ProviderTime, StageEvent } from './stage-times.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface SideFacts {
  versionId: string
  documentId: string
  fileName: string
  jobId: string
  state: string
  parseId: string | null
  chunkCount: number | null
  parse: Provenance | null
  embed: VectorSpace
  costNanoUsd: bigint
  shadowNanoUsd: bigint
  /** Calls that were made for it; none means that everything was there already. */
  calls: number
}

/** A tenant's version with its job and what was booked for that; null when there is none. */
export async function readSideFacts(
  { kysely }: Reader,
  tenantId: string,
  versionId: string,
): Promise<SideFacts | null> {
  const { rows } = await sql<SideFacts>`
    SELECT v.version_id, v.document_id, d.file_name, j.job_id, j.state, v.parse_id, v.chunk_count, p.provenance AS parse,
      jsonb_build_object('provider', s.provider, 'model', s.model, 'dimensions', s.dimensions, 'revision', s.revision,
        'simulated', s.simulated) AS embed,
      l.cost_nano_usd, l.shadow_nano_usd, l.calls
    FROM sluice.versions v
    JOIN sluice.documents d USING (tenant_id, document_id)
    JOIN sluice.jobs j ON j.tenant_id = v.tenant_id AND j.version_id = v.version_id
    JOIN sluice.vector_spaces s ON s.tenant_id = v.tenant_id AND s.space_id = v.space_id
    LEFT JOIN sluice.parses p ON p.tenant_id = v.tenant_id AND p.parse_id = v.parse_id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(cost_nano_usd), 0)::bigint AS cost_nano_usd, coalesce(sum(shadow_nano_usd), 0)::bigint AS shadow_nano_usd,
        count(*) FILTER (WHERE kind = 'settlement' AND service = 'parse')::int AS calls
      FROM sluice.ledger_entries e WHERE e.tenant_id = v.tenant_id AND e.job_id = j.job_id) l
    WHERE v.tenant_id = ${tenantId} AND v.version_id = ${versionId}::uuid`.execute(kysely)
  return rows[0] ?? null
}

export async function readSidePages({ kysely }: Reader, tenantId: string, parseId: string): Promise<ParsedPage[]> {
  const { rows } = await sql<ParsedPage>`
    SELECT page_number, markdown FROM sluice.pages WHERE tenant_id = ${tenantId} AND parse_id = ${parseId}::uuid
    ORDER BY page_number`.execute(kysely)
  return rows
}

/** The first chunks with their vectors, as text; those without a vector are left out. */
export async function readSideChunks(
  { kysely }: Reader,
  tenantId: string,
  versionId: string,
): Promise<{ pageNumber: number; text: string; vector: string }[]> {
  const { rows } = await sql<{ pageNumber: number; text: string; vector: string }>`
    SELECT c.page_number, c.text, e.embedding::text AS vector
    FROM sluice.versions v
    JOIN sluice.chunks c ON c.tenant_id = v.tenant_id AND c.version_id = v.version_id
    JOIN sluice.embeddings e ON e.tenant_id = c.tenant_id AND e.space_id = v.space_id AND e.text_hash = c.text_hash
    WHERE v.tenant_id = ${tenantId} AND v.version_id = ${versionId}::uuid
    ORDER BY c.ordinal LIMIT ${mostChunks}`.execute(kysely)
  return rows
}

export async function readSideTimes(
  { kysely }: Reader,
  tenantId: string,
  jobId: string,
): Promise<{ events: StageEvent[]; provider: ProviderTime[] }> {
  const events = await sql<StageEvent>`
    SELECT at, stage, reason FROM sluice.job_events WHERE tenant_id = ${tenantId} AND job_id = ${jobId}::uuid
    ORDER BY event_id`.execute(kysely)
  const provider = await sql<ProviderTime>`
    SELECT service, provider_ms FROM sluice.route_decisions
    WHERE tenant_id = ${tenantId} AND job_id = ${jobId}::uuid AND provider_ms IS NOT NULL ORDER BY at`.execute(kysely)
  return { events: events.rows, provider: provider.rows }
}
