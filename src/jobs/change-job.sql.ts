import { sql } from 'kysely'
import type { JobState, Stage } from '../contract/job.ts'
import type { JobView } from '../contract/job-view.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type JobKey, noDeferral, wakeAgainAfterMs } from './move-jobs.sql.ts'
import { type JobRow, jobColumns, toJobView } from './read-jobs.sql.ts'
import { transitions } from './transitions.ts'

export interface NewJob extends JobKey {
  documentId: string
  versionId: string
  /** Only shown: it is the document's. */
  fileName: string
  correlationId: string
  /** Where in a trace it begins; null: in none. */
  traceparent: string | null
  priority: number
  apiKeyId: string | null
  tags: readonly string[]
  /** Until when the user wants it done: among jobs that wait for money, the most urgent goes first. */
  dueAt: Date | null
  quoteId: string | null
  /** The first stage that has something to do: a version whose parse result exists starts later. */
  stage: Stage
}

/** Inserts a queued job with its first event; the caller sends the wake-up in the same transaction. */
export async function insertJob({ kysely }: Session<Tables>, job: NewJob): Promise<JobView> {
  const { rows } = await sql<JobRow>`
    WITH created AS (
      INSERT INTO sluice.jobs (tenant_id, job_id, document_id, version_id, stage, state, priority, correlation_id, traceparent,
        api_key_id, tags, due_at, quote_id, deadline_at)
      VALUES (${job.tenantId}, ${job.jobId}, ${job.documentId}, ${job.versionId}, ${job.stage}, 'queued', ${job.priority},
        ${job.correlationId}, ${job.traceparent}, ${job.apiKeyId}::uuid, ${[...job.tags]}::text[], ${job.dueAt}::timestamptz, ${job.quoteId}::uuid, now() + ${wakeAgainAfterMs}::int * interval '1 millisecond')
      RETURNING *
    ), logged AS (
      INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason)
      SELECT tenant_id, job_id, stage, state, token, 'created' FROM created
    )
    SELECT ${jobColumns} FROM created j, (SELECT ${job.fileName}::text AS file_name) d`.execute(kysely)
  const [row] = rows
  if (!row) throw new Error('the new job was not returned')
  return toJobView(row)
}

/** Ends an unfinished job; the new token makes the running attempt's writes refused. Null when it was finished already. */
export async function cancelJob(session: Session<Tables>, key: JobKey): Promise<{ stage: Stage } | null> {
  return await changeJob(session, key, 'cancelled')
}

/** Queues a failed or cancelled job again at the stage where it stopped. Null when it is in another state. */
export async function retryJob(session: Session<Tables>, key: JobKey): Promise<{ stage: Stage } | null> {
  return await changeJob(session, key, 'retried_by_user')
}

async function changeJob(
  { kysely }: Session<Tables>,
  key: JobKey,
  reason: 'cancelled' | 'retried_by_user',
): Promise<{ stage: Stage } | null> {
  const { from, to } = transitions[reason]
  const ends = to === 'cancelled'
  const { rows } = await sql<{ stage: Stage; state: JobState }>`
    WITH moved AS (
      UPDATE sluice.jobs SET state = ${to}, token = token + 1, owner = NULL, wake_at = NULL, updated_at = now(),
        failures = 0, interruptions = 0, ${noDeferral},
        deadline_at = ${ends ? sql`NULL` : sql`now() + ${wakeAgainAfterMs}::int * interval '1 millisecond'`},
        finished_at = ${ends ? sql`now()` : sql`NULL`},
        error_code = ${ends ? sql`error_code` : sql`NULL`},
        error_message = ${ends ? sql`error_message` : sql`NULL`},
        error_cause = ${ends ? sql`error_cause` : sql`NULL`}
      WHERE tenant_id = ${key.tenantId} AND job_id = ${key.jobId} AND state = ANY(${[...from]}::text[])
      RETURNING *
    ), logged AS (
      INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason)
      SELECT tenant_id, job_id, stage, state, token, ${reason}::text FROM moved
    )
    SELECT stage, state FROM moved`.execute(kysely)
  return rows[0] ?? null
}
