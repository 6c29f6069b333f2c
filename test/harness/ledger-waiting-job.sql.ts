import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Tables } from '../../src/contract/tables.ts'
import type { JobKey } from '../../src/jobs/move-jobs.sql.ts'
import type { Database } from '../../src/platform/database.ts'

/** A job, with the rows that it needs, that waits for money of a budget of all tenants. */
export async function insertWaitingJob(
  { kysely }: Database<Tables>,
  tenantId: string,
  budgetId: string,
  neededNanoUsd: bigint,
): Promise<JobKey> {
  const [documentId, versionId, jobId] = [randomUUID(), randomUUID(), randomUUID()]
  await sql`INSERT INTO sluice.tenants (tenant_id) VALUES (${tenantId}) ON CONFLICT DO NOTHING`.execute(kysely)
  await sql`INSERT INTO sluice.vector_spaces (tenant_id, space_id, provider, model, dimensions, revision, simulated)
    VALUES (${tenantId}, 'space', 'test', 'test-1', 3, '1', true) ON CONFLICT DO NOTHING`.execute(kysely)
  await sql`INSERT INTO sluice.documents (tenant_id, document_id, sha256, byte_count, file_name, file_type)
    VALUES (${tenantId}, ${documentId}, sha256(${documentId}::text::bytea), 1, 'a.md', 'markdown')`.execute(kysely)
  await sql`INSERT INTO sluice.versions (tenant_id, version_id, document_id, chunk_settings, space_id)
    VALUES (${tenantId}, ${versionId}, ${documentId}, '{}', 'space')`.execute(kysely)
  await sql`INSERT INTO sluice.jobs (tenant_id, job_id, document_id, version_id, stage, state, deadline_at, correlation_id,
      deferral_reason, deferral_message, deferral_budget_tenant, deferral_budget_id, deferral_needed_nano_usd, deferral_missing_nano_usd)
    VALUES (${tenantId}, ${jobId}, ${documentId}, ${versionId}, 'parse', 'deferred', now() + interval '1 hour', 'test',
      'budget', 'waits', '*', ${budgetId}, ${neededNanoUsd}, 1)`.execute(kysely)
  return { tenantId, jobId }
}
