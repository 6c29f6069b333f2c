import { sql } from 'kysely'
import { AppError, type FailureCode, failureCodes } from '../contract/failure.ts'
import type { Stage } from '../contract/job.ts'
import type { FailureGroup } from '../contract/overview.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

interface GroupRow extends Omit<FailureGroup, 'firstAt' | 'lastAt' | 'action' | 'documents'> {
  firstAt: Date
  lastAt: Date
  stages: Stage[]
  documents: FailureGroup['documents']
}

/** A tenant's jobs that failed, or failed and try again, and changed last in a span of time: by code and cause, the latest first. */
export async function readFailures(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  tenantId: string,
  { from, to }: { from: Date; to: Date },
): Promise<FailureGroup[]> {
  const { rows } = await sql<GroupRow>`
    SELECT j.error_code AS code, j.error_cause AS cause, (array_agg(j.error_message ORDER BY j.updated_at DESC))[1] AS message,
      array_agg(DISTINCT j.stage) AS stages, (count(*) FILTER (WHERE j.state = 'failed'))::int AS failed_jobs,
      (count(*) FILTER (WHERE j.state <> 'failed'))::int AS retrying_jobs, min(j.updated_at) AS first_at, max(j.updated_at) AS last_at,
      to_jsonb((array_agg(jsonb_build_object('documentId', j.document_id, 'jobId', j.job_id, 'fileName', d.file_name)
        ORDER BY j.updated_at DESC))[1:10]) AS documents
    FROM sluice.jobs j JOIN sluice.documents d ON d.tenant_id = j.tenant_id AND d.document_id = j.document_id
    WHERE j.tenant_id = ${tenantId} AND j.error_code IS NOT NULL AND j.state IN ('failed', 'retrying')
      AND j.updated_at >= ${from}::timestamptz AND j.updated_at < ${to}::timestamptz
    GROUP BY j.error_code, j.error_cause ORDER BY last_at DESC LIMIT 200`.execute(kysely)
  return rows.map(row => ({
    ...row,
    message: row.message ?? '',
    action: actionOf(row.code),
    firstAt: row.firstAt.toISOString(),
    lastAt: row.lastAt.toISOString(),
  }))
}

function actionOf(code: string): string {
  const known = (failureCodes as string[]).includes(code) ? (code as FailureCode) : 'internal_error'
  return new AppError(known, '').action
}
