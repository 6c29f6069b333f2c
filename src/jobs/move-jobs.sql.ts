import { sql } from 'kysely'
import type { Stage } from '../contract/job.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** How long a queued job may wait for its wake-up before the sweeper sends another. */
export const wakeAgainAfterMs = 30_000

/** A job that is at work does not wait for anything any more. */
const noWaiting = sql`deferral_reason = NULL, deferral_message = NULL, deferral_missing_nano_usd = NULL, deferral_provider = NULL,
        awaited_call_id = NULL, awaited_message = NULL`
/** What it was woken to reserve is promised to it until it has, or its attempt has ended. */
export const noPromise = sql`deferral_budget_tenant = NULL, deferral_budget_id = NULL, deferral_needed_nano_usd = NULL`
export const noDeferral = sql`${noWaiting}, ${noPromise}`

export interface JobKey {
  tenantId: string
  jobId: string
}
export function keyOf({ tenantId, jobId }: JobKey): JobKey {
  return { tenantId, jobId }
}

export interface Claim extends JobKey {
  documentId: string
  versionId: string
  token: number
  failures: number
  correlationId: string
  traceparent: string | null
  apiKeyId: string | null
  tags: string[]
  quoteId: string | null
  dueAt: Date | null
}

/** What became of the jobs that were to be claimed and are ready; the others are not, and nothing is to be done for them. */
export interface Claimed {
  claims: Claim[]
  /** Somebody has a lock on them: who woke them a moment ago too, say. Their wake-ups are used up. */
  held: JobKey[]
}

/**
 * Takes the jobs that are really ready at `stage`: compare-and-set with a new fencing token, in one statement. Waits for nobody, so that one
 * whose connection hangs does not hold up the others.
 */
export async function claimJobs(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  stage: Stage,
  jobs: readonly JobKey[],
  owner: string,
  timeoutMs: number,
): Promise<Claimed> {
  const isReady = sql`j.stage = ${stage} AND (j.state = 'queued' OR (j.state = 'retrying' AND j.wake_at <= now()))`
  const { rows } = await sql<Claim | (JobKey & { token: null })>`
    WITH wanted AS (
      SELECT DISTINCT j.tenant_id, j.job_id FROM sluice.jobs j JOIN ${keys(jobs)} USING (tenant_id, job_id) WHERE ${isReady}
    ), ready AS (
      SELECT j.tenant_id, j.job_id FROM sluice.jobs j JOIN wanted USING (tenant_id, job_id)
      WHERE ${isReady} ORDER BY j.tenant_id, j.job_id FOR UPDATE OF j SKIP LOCKED
    ), claimed AS (
      UPDATE sluice.jobs j SET state = 'running', owner = ${owner}::uuid, token = j.token + 1, wake_at = NULL,
        ${noWaiting}, deadline_at = now() + ${timeoutMs}::int * interval '1 millisecond', updated_at = now()
      FROM ready WHERE j.tenant_id = ready.tenant_id AND j.job_id = ready.job_id
      RETURNING j.*
    ), logged AS (
      INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason)
      SELECT tenant_id, job_id, stage, state, token, 'claimed' FROM claimed
    )
    SELECT tenant_id, job_id, document_id, version_id, token, failures, correlation_id, traceparent, api_key_id, tags, quote_id, due_at
    FROM wanted LEFT JOIN claimed USING (tenant_id, job_id)`.execute(kysely)
  const claims: Claim[] = []
  const held: JobKey[] = []
  for (const row of rows) {
    if (row.token === null) held.push(keyOf(row))
    else claims.push(row)
  }
  return { claims, held }
}

/** Moves finished attempts on to `next` (null: succeeded). Returns those whose token was still the job's own. */
export async function advanceJobs(
  { kysely }: Session<Tables>,
  attempts: readonly (JobKey & { token: number })[],
  next: Stage | null,
): Promise<JobKey[]> {
  const { rows } = await sql<JobKey>`
    WITH mine AS (
      SELECT j.tenant_id, j.job_id
      FROM sluice.jobs j JOIN ${keys(
        attempts,
        attempts.map(a => a.token),
      )} USING (tenant_id, job_id)
      WHERE j.state = 'running' AND j.token = k.token
      ORDER BY j.tenant_id, j.job_id FOR UPDATE OF j
    ), moved AS (
      UPDATE sluice.jobs j SET stage = coalesce(${next}::text, j.stage), owner = NULL, failures = 0, interruptions = 0,
        state = CASE WHEN ${next}::text IS NULL THEN 'succeeded' ELSE 'queued' END,
        deadline_at = CASE WHEN ${next}::text IS NULL THEN NULL ELSE now() + ${wakeAgainAfterMs}::int * interval '1 millisecond' END,
        finished_at = CASE WHEN ${next}::text IS NULL THEN now() END,
        error_code = NULL, error_message = NULL, error_cause = NULL, ${noPromise}, updated_at = now()
      FROM mine WHERE j.tenant_id = mine.tenant_id AND j.job_id = mine.job_id
      RETURNING j.*
    ), logged AS (
      INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason)
      SELECT tenant_id, job_id, stage, state, token, CASE state WHEN 'succeeded' THEN 'all_done' ELSE 'stage_done' END FROM moved
    )
    SELECT tenant_id, job_id FROM moved`.execute(kysely)
  return rows
}

/** A running attempt that ended badly; `retryInMs` null means that the job has failed for good. */
export interface SetBack extends JobKey {
  token: number
  /** Where it is tried again, if that is another stage. */
  stage?: Stage
  failures: number
  retryInMs: number | null
  code: string
  message: string
  cause: string | null
}

/** Moves failed attempts to `retrying` or `failed`, keeping code, message and cause. Returns those that were still current. */
export async function setBackJobs({ kysely }: Session<Tables>, setBacks: readonly SetBack[]): Promise<JobKey[]> {
  const { rows } = await sql<JobKey>`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(setBacks.map(toRow))}::jsonb) AS g(
        tenant_id text, job_id uuid, token int, stage text, failures int, retry_in_ms int, code text, message text, cause text)
    ), mine AS (
      SELECT g.* FROM sluice.jobs j JOIN given g USING (tenant_id, job_id)
      WHERE j.state = 'running' AND j.token = g.token
      ORDER BY j.tenant_id, j.job_id FOR UPDATE OF j
    ), moved AS (
      UPDATE sluice.jobs j SET stage = coalesce(m.stage, j.stage), owner = NULL, failures = m.failures, ${noPromise}, updated_at = now(),
        state = CASE WHEN m.retry_in_ms IS NULL THEN 'failed' ELSE 'retrying' END,
        wake_at = now() + m.retry_in_ms * interval '1 millisecond',
        deadline_at = now() + (m.retry_in_ms + ${wakeAgainAfterMs}::int) * interval '1 millisecond',
        finished_at = CASE WHEN m.retry_in_ms IS NULL THEN now() END,
        error_code = m.code, error_message = m.message, error_cause = m.cause
      FROM mine m WHERE j.tenant_id = m.tenant_id AND j.job_id = m.job_id
      RETURNING j.*
    ), logged AS (
      INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason, error_code, error_message, error_cause)
      SELECT tenant_id, job_id, stage, state, token, CASE state WHEN 'failed' THEN 'gave_up' ELSE 'will_retry' END,
        error_code, error_message, error_cause FROM moved
    )
    SELECT tenant_id, job_id FROM moved`.execute(kysely)
  return rows
}

function toRow(s: SetBack) {
  return {
    tenant_id: s.tenantId,
    job_id: s.jobId,
    token: s.token,
    stage: s.stage ?? null,
    failures: s.failures,
    retry_in_ms: s.retryInMs,
    code: s.code,
    message: s.message,
    cause: s.cause,
  }
}

function keys(jobs: readonly JobKey[], tokens: readonly number[] = []) {
  const tenantIds = jobs.map(j => j.tenantId)
  const jobIds = jobs.map(j => j.jobId)
  return sql`unnest(${tenantIds}::text[], ${jobIds}::uuid[], ${tokens}::int[]) AS k(tenant_id, job_id, token)`
}
