import { sql } from 'kysely'
import type { Attempt } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type VersionKey = Pick<Attempt, 'tenantId' | 'versionId'>

interface EmbeddedCount {
  versionId: string
  chunks: number
  embedded: number
}

/** Chunks and how many of them have a vector, by version. For `OFFSET 0` see chunk-stage.sql.ts. */
export async function countEmbedded(
  { kysely }: Session<Tables>,
  attempts: readonly VersionKey[],
): Promise<Map<string, EmbeddedCount>> {
  const { rows } = await sql<EmbeddedCount>`
    SELECT w.version_id, count(*)::int AS chunks, count(e.found)::int AS embedded
    FROM ${wanted(attempts)}
    CROSS JOIN LATERAL (
      SELECT space_id FROM sluice.versions WHERE tenant_id = w.tenant_id AND version_id = w.version_id OFFSET 0) v
    CROSS JOIN LATERAL (
      SELECT text_hash FROM sluice.chunks WHERE tenant_id = w.tenant_id AND version_id = w.version_id OFFSET 0) c
    LEFT JOIN LATERAL (
      SELECT true AS found FROM sluice.embeddings
      WHERE tenant_id = w.tenant_id AND space_id = v.space_id AND text_hash = c.text_hash OFFSET 0) e ON true
    GROUP BY w.version_id`.execute(kysely)
  return new Map(rows.map(row => [row.versionId, row]))
}

/**
 * Makes versions live, unless a younger one of the same document is already, or it was made to be compared only. What was made by itself to
 * replace a provisional version replaces that one alone, and not where somebody has rolled back to it.
 */
export async function publishVersions({ kysely }: Session<Tables>, attempts: readonly Attempt[]): Promise<void> {
  await sql`
    WITH published AS (
      UPDATE sluice.versions v SET published_at = now()
      FROM ${wanted(attempts)} WHERE v.tenant_id = w.tenant_id AND v.version_id = w.version_id AND NOT v.routing @> '{"publish": false}'
      RETURNING v.tenant_id, v.document_id, v.version_id, v.created_at, v.upgrade_of
    ), newest AS (
      SELECT DISTINCT ON (tenant_id, document_id) * FROM published
      ORDER BY tenant_id, document_id, upgrade_of IS NOT NULL, created_at DESC, version_id DESC
    )
    UPDATE sluice.documents d SET live_version_id = n.version_id, rolled_back_at = NULL
    FROM newest n
    WHERE d.tenant_id = n.tenant_id AND d.document_id = n.document_id AND NOT EXISTS (
      SELECT 1 FROM sluice.versions l
      WHERE l.tenant_id = d.tenant_id AND l.version_id = d.live_version_id AND l.created_at > n.created_at)
      AND (n.upgrade_of IS NULL OR (d.live_version_id = n.upgrade_of AND d.rolled_back_at IS NULL))`.execute(kysely)
}

function wanted(attempts: readonly VersionKey[]) {
  return sql`unnest(${attempts.map(a => a.tenantId)}::text[], ${attempts.map(a => a.versionId)}::uuid[]) AS w(tenant_id, version_id)`
}
