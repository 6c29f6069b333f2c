import { sql } from 'kysely'
import type { JobState } from '../contract/job.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

export interface VersionKey {
  tenantId: string
  documentId: string
  versionId: string
}

export interface RollbackTarget {
  liveVersionId: string | null
  /** Null: the document has no such version. */
  jobState: JobState | null
  publishedAt: Date | null
  comparedOnly: boolean
}

/** A version and what is live beside it; locks the document until the transaction is over. Null when there is no such document. */
export async function lockTarget(
  { kysely }: Session<Tables>,
  { tenantId, documentId, versionId }: VersionKey,
): Promise<RollbackTarget | null> {
  const { rows } = await sql<RollbackTarget>`
    SELECT d.live_version_id, j.state AS job_state, v.published_at, coalesce(v.routing @> '{"publish": false}', false) AS compared_only
    FROM sluice.documents d
    LEFT JOIN sluice.versions v ON v.tenant_id = d.tenant_id AND v.document_id = d.document_id AND v.version_id = ${versionId}::uuid
    LEFT JOIN sluice.jobs j ON j.tenant_id = v.tenant_id AND j.version_id = v.version_id
    WHERE d.tenant_id = ${tenantId} AND d.document_id = ${documentId}::uuid FOR UPDATE OF d`.execute(kysely)
  return rows[0] ?? null
}

/** The version belongs to the space that is searched from now on; returns which one that is. */
export async function moveToLiveSpace({ kysely }: Session<Tables>, { tenantId, versionId }: VersionKey) {
  const { rows } = await sql<{ spaceId: string }>`
    UPDATE sluice.versions v SET space_id = t.live_space_id FROM sluice.tenants t
    WHERE v.tenant_id = ${tenantId} AND v.version_id = ${versionId}::uuid AND t.tenant_id = v.tenant_id
    RETURNING v.space_id`.execute(kysely)
  return rows[0]?.spaceId ?? ''
}

export async function makeLive(
  { kysely }: Session<Tables>,
  { tenantId, documentId, versionId }: VersionKey,
): Promise<void> {
  await sql`
    UPDATE sluice.documents SET live_version_id = ${versionId}::uuid, rolled_back_at = now()
    WHERE tenant_id = ${tenantId} AND document_id = ${documentId}::uuid`.execute(kysely)
}
