import { sql } from 'kysely'
import type { ChunkSettings } from '../contract/chunk.ts'
import type { ParseOptions } from '../contract/parse-options.ts'
import type { RouteWish } from '../contract/routing.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** A searched version whose pages were read by somebody who only stepped in. */
export interface ProvisionalVersion {
  tenantId: string
  documentId: string
  versionId: string
  fileName: string
  tags: string[]
  chunkSettings: ChunkSettings
  parseOptions: ParseOptions
  routing: RouteWish
  spaceId: string
  apiKeyId: string | null
}

/** An upgrade that fails for good is begun again so often. */
const mostTries = 3

/**
 * Live versions that are provisional, that nobody rolled back to, and for which no upgrade is under way, the oldest first; no more than leave `most` of them under way at
 * once. Only one process at a time gets any: the transaction holds a lock.
 */
export async function findUpgrades({ kysely }: Session<Tables>, most: number): Promise<ProvisionalVersion[]> {
  const { rows: locked } = await sql<{ mine: boolean }>`SELECT pg_try_advisory_xact_lock(7360003) AS mine`.execute(
    kysely,
  )
  if (!locked[0]?.mine) return []
  const { rows } = await sql<ProvisionalVersion>`
    SELECT v.tenant_id, v.document_id, v.version_id, d.file_name, d.tags, v.chunk_settings, v.parse_options, v.routing, v.space_id, j.api_key_id
    FROM sluice.parses p
    JOIN sluice.versions v ON v.tenant_id = p.tenant_id AND v.parse_id = p.parse_id AND v.document_id = p.document_id
    JOIN sluice.documents d ON d.tenant_id = v.tenant_id AND d.live_version_id = v.version_id
    JOIN sluice.jobs j ON j.tenant_id = v.tenant_id AND j.version_id = v.version_id
    WHERE p.provenance @> '{"provisional": true}' AND d.rolled_back_at IS NULL AND NOT EXISTS (
      SELECT FROM sluice.versions u JOIN sluice.jobs uj ON uj.tenant_id = u.tenant_id AND uj.version_id = u.version_id
      WHERE u.tenant_id = v.tenant_id AND u.upgrade_of = v.version_id
      HAVING count(*) FILTER (WHERE uj.finished_at IS NULL) > 0 OR count(*) >= ${mostTries})
    ORDER BY p.created_at
    LIMIT greatest(0, ${most}::int - (SELECT count(*)::int FROM sluice.versions u
      JOIN sluice.jobs uj ON uj.tenant_id = u.tenant_id AND uj.version_id = u.version_id
      WHERE u.upgrade_of IS NOT NULL AND uj.finished_at IS NULL))`.execute(kysely)
  return rows
}
