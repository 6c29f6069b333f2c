import { type RawBuilder, sql } from 'kysely'
import type { DeferralReason } from '../contract/deferral.ts'
import { AppError, type FailureCode, failureCodes } from '../contract/failure.ts'
import type { JobState, Stage } from '../contract/job.ts'
import type { JobDetail, JobView } from '../contract/job-view.ts'
import type { Tables } from '../contract/tables.ts'
import { decodeCursor, encodeCursor } from '../platform/cursor.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** A job as read by `jobColumns`. */
export interface JobRow {
  jobId: string
  documentId: string
  versionId: string
  fileName: string
  stage: Stage
  state: JobState
  failures: number
  errorCode: string | null
  errorMessage: string | null
  errorCause: string | null
  wakeAt: Date | null
  deadlineAt: Date | null
  correlationId: string
  createdAt: Date
  updatedAt: Date
  finishedAt: Date | null
  deferralReason: DeferralReason | null
  deferralMessage: string | null
  deferralBudgetTenant: string | null
  deferralBudgetId: string | null
  deferralNeededNanoUsd: bigint | null
  deferralMissingNanoUsd: bigint | null
  awaitedCallId: string | null
  awaitedMessage: string | null
  priority: number
  dueAt: Date | null
  tags: string[]
  cursorAt: string
}

/** Of a job `j` and its document `d`. */
export const jobColumns = sql`j.job_id, j.document_id, j.version_id, d.file_name, j.stage, j.state, j.failures, j.error_code, j.error_message,
  j.error_cause, j.wake_at, j.deadline_at, j.correlation_id, j.created_at, j.updated_at, j.finished_at,
  j.deferral_reason, j.deferral_message, j.deferral_budget_tenant, j.deferral_budget_id, j.deferral_needed_nano_usd,
  j.deferral_missing_nano_usd, j.awaited_call_id, j.awaited_message, j.priority, j.due_at, j.tags,
  to_char(j.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS cursor_at`

/** A tenant's jobs, newest first. */
export async function listJobs(
  { kysely }: Reader,
  tenantId: string,
  filter: { state?: JobState | undefined; documentId?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<{ items: JobView[]; nextCursor: string | null }> {
  const after = filter.cursor === undefined ? null : decodeCursor(filter.cursor)
  const rows = await readRows(
    { kysely },
    sql`
    WHERE j.tenant_id = ${tenantId}
      ${filter.state ? sql`AND j.state = ${filter.state}` : sql``}
      ${filter.documentId ? sql`AND j.document_id = ${filter.documentId}::uuid` : sql``}
      ${after ? sql`AND (j.created_at, j.job_id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql``}
    ORDER BY j.created_at DESC, j.job_id DESC LIMIT ${filter.limit + 1}`,
  )
  const shown = rows.slice(0, filter.limit)
  const last = shown.at(-1)
  const more = rows.length > filter.limit && last
  return { items: shown.map(toJobView), nextCursor: more ? encodeCursor({ at: last.cursorAt, id: last.jobId }) : null }
}

/** The newest job of each document, by document. */
export async function newestJobs(
  { kysely }: Reader,
  tenantId: string,
  documentIds: readonly string[],
): Promise<Map<string, JobView>> {
  const rows = await readRows(
    { kysely },
    sql`
    WHERE j.tenant_id = ${tenantId} AND j.document_id = ANY(${documentIds}::uuid[])
    ORDER BY j.created_at, j.job_id`,
  )
  return new Map(rows.map(row => [row.documentId, toJobView(row)]))
}

/** Throws `job_not_found` for a job that the tenant does not have. */
export async function readJob({ kysely }: Reader, tenantId: string, jobId: string): Promise<JobDetail> {
  const [row] = await readRows({ kysely }, sql`WHERE j.tenant_id = ${tenantId} AND j.job_id = ${jobId}::uuid`)
  if (!row) throw new AppError('job_not_found', `There is no job ${jobId}.`)
  const events = await sql<EventRow>`
    SELECT at, stage, state, token, reason, error_code, error_message, error_cause FROM sluice.job_events
    WHERE tenant_id = ${tenantId} AND job_id = ${jobId}::uuid ORDER BY event_id`.execute(kysely)
  return { ...toJobView(row), events: events.rows.map(toEvent) }
}

/** How many of all tenants' jobs are at which stage and state; finished ones are left out. */
export async function countUnfinishedJobs({
  kysely,
}: Reader): Promise<{ stage: Stage; state: JobState; count: number }[]> {
  const { rows } = await sql<{ stage: Stage; state: JobState; count: number }>`
    SELECT stage, state, count(*)::int AS count FROM sluice.jobs WHERE deadline_at IS NOT NULL
    GROUP BY stage, state ORDER BY stage, state`.execute(kysely)
  return rows
}

async function readRows({ kysely }: Reader, rest: RawBuilder<unknown>): Promise<JobRow[]> {
  const { rows } = await sql<JobRow>`
    SELECT ${jobColumns} FROM sluice.jobs j
    JOIN sluice.documents d ON d.tenant_id = j.tenant_id AND d.document_id = j.document_id ${rest}`.execute(kysely)
  return rows
}

interface EventRow extends Pick<JobRow, 'stage' | 'state' | 'errorCode' | 'errorMessage' | 'errorCause'> {
  at: Date
  token: number
  reason: string
}

function toEvent({ at, stage, state, token, reason, ...error }: EventRow): JobDetail['events'][number] {
  return { at: at.toISOString(), stage, state, token, reason, error: toError(error) }
}

export function toJobView(row: JobRow): JobView {
  const { jobId, documentId, versionId, fileName, stage, state, failures, priority, tags, correlationId } = row
  return {
    jobId,
    documentId,
    versionId,
    fileName,
    stage,
    state,
    failures,
    priority,
    tags,
    correlationId,
    dueAt: row.dueAt?.toISOString() ?? null,
    deferral: toDeferral(row),
    awaited: toAwaited(row),
    error: toError(row),
    wakeAt: row.wakeAt?.toISOString() ?? null,
    deadlineAt: row.deadlineAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}

function toDeferral(row: JobRow): JobView['deferral'] {
  const { state, deferralReason: reason, deferralMessage: message, deferralBudgetId: budgetId } = row
  if (state !== 'deferred' || reason === null || message === null) return null
  return {
    reason,
    message,
    resumesAt: row.wakeAt?.toISOString() ?? null,
    budget: budgetId === null ? null : { tenantId: row.deferralBudgetTenant ?? '*', budgetId },
    neededNanoUsd: row.deferralNeededNanoUsd?.toString() ?? null,
    missingNanoUsd: row.deferralMissingNanoUsd?.toString() ?? null,
  }
}

function toAwaited({ state, awaitedCallId: callId, awaitedMessage: message }: JobRow): JobView['awaited'] {
  return state !== 'waiting' || callId === null || message === null ? null : { callId, message }
}

function toError({
  errorCode,
  errorMessage,
  errorCause,
}: Pick<JobRow, 'errorCode' | 'errorMessage' | 'errorCause'>): JobView['error'] {
  if (errorCode === null) return null
  const known = (failureCodes as string[]).includes(errorCode) ? (errorCode as FailureCode) : 'internal_error'
  const message = errorMessage ?? ''
  return { code: errorCode, message, action: new AppError(known, message).action, cause: errorCause }
}
