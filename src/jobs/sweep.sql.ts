import { sql } from 'kysely'
import type { Stage } from '../contract/job.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type JobKey, wakeAgainAfterMs } from './move-jobs.sql.ts'

/** A worker that has not said so for this long is dead; its jobs go back to the queue. */
export const deadAfterMs = 15_000
const sweepLimit = 500

export interface StagedJob extends JobKey {
  stage: Stage
}

/** Says that this worker lives. */
export async function beat(
  { kysely }: Session<Tables>,
  worker: { workerId: string; host: string; pid: number },
): Promise<void> {
  await sql`INSERT INTO sluice.workers (worker_id, host, pid) VALUES (${worker.workerId}, ${worker.host}, ${worker.pid})
    ON CONFLICT (worker_id) DO UPDATE SET heartbeat_at = now()`.execute(kysely)
}

/** Takes a worker off the list; whatever it still owned is free at once. */
export async function removeWorker({ kysely }: Session<Tables>, workerId: string): Promise<void> {
  await sql`DELETE FROM sluice.workers WHERE worker_id = ${workerId}`.execute(kysely)
}

/** On the embedded database nobody else can be alive: whoever was listed has died. */
export async function removeOtherWorkers({ kysely }: Session<Tables>, workerId: string): Promise<void> {
  await sql`DELETE FROM sluice.workers WHERE worker_id <> ${workerId}`.execute(kysely)
}

/** The tokens of the jobs that this worker still owns, by job. */
export async function ownedTokens({ kysely }: Session<Tables>, workerId: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ jobId: string; token: number }>`
    SELECT job_id, token FROM sluice.jobs WHERE owner = ${workerId}::uuid AND state = 'running'`.execute(kysely)
  return new Map(rows.map(r => [r.jobId, r.token]))
}

/** Frees running jobs of dead workers: back to the queue, or failed when that happened too often. Returns the queued ones. */
export async function releaseOrphans({ kysely }: Session<Tables>, maxInterruptions: number): Promise<StagedJob[]> {
  await sql`DELETE FROM sluice.workers WHERE heartbeat_at < now() - ${deadAfterMs}::int * interval '1 millisecond'`.execute(
    kysely,
  )
  const { rows } = await sql<StagedJob & { state: string }>`
    WITH orphans AS (
      SELECT j.tenant_id, j.job_id FROM sluice.jobs j
      WHERE j.owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sluice.workers w WHERE w.worker_id = j.owner)
      ORDER BY j.tenant_id, j.job_id LIMIT ${sweepLimit} FOR UPDATE OF j SKIP LOCKED
    ), moved AS (
      UPDATE sluice.jobs j SET owner = NULL, token = token + 1, interruptions = interruptions + 1, updated_at = now(),
        state = CASE WHEN interruptions < ${maxInterruptions}::int THEN 'queued' ELSE 'failed' END,
        deadline_at = CASE WHEN interruptions < ${maxInterruptions}::int THEN now() + ${wakeAgainAfterMs}::int * interval '1 millisecond' END,
        finished_at = CASE WHEN interruptions < ${maxInterruptions}::int THEN NULL ELSE now() END,
        error_code = CASE WHEN interruptions < ${maxInterruptions}::int THEN error_code ELSE 'job_interrupted' END,
        error_message = CASE WHEN interruptions < ${maxInterruptions}::int THEN error_message
          ELSE 'The worker ended ' || (interruptions + 1) || ' times while this job was at stage ' || stage || '.' END
      FROM orphans o WHERE j.tenant_id = o.tenant_id AND j.job_id = o.job_id
      RETURNING j.*
    ), logged AS (
      INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason, error_code, error_message)
      SELECT tenant_id, job_id, stage, state, token, CASE state WHEN 'queued' THEN 'interrupted' ELSE 'gave_up' END,
        error_code, error_message FROM moved
    )
    SELECT tenant_id, job_id, stage, state FROM moved`.execute(kysely)
  return rows.filter(row => row.state === 'queued')
}

/** Running jobs past their deadline whose worker is alive but did not end them (it hangs). */
export async function overdueRunning(
  { kysely }: Session<Tables>,
  graceMs: number,
): Promise<(StagedJob & { token: number; failures: number })[]> {
  const { rows } = await sql<StagedJob & { token: number; failures: number }>`
    SELECT tenant_id, job_id, stage, token, failures FROM sluice.jobs
    WHERE state = 'running' AND deadline_at < now() - ${graceMs}::int * interval '1 millisecond'
    ORDER BY tenant_id, job_id LIMIT ${sweepLimit} FOR UPDATE SKIP LOCKED`.execute(kysely)
  return rows
}

/** Jobs whose wake-up is overdue: they get a new deadline, parked ones are queued (an event), and the caller wakes them all. */
export async function takeOverdueWaiting({ kysely }: Session<Tables>): Promise<(StagedJob & { parked: boolean })[]> {
  const { rows } = await sql<StagedJob & { parked: boolean }>`
    WITH late AS (
      SELECT tenant_id, job_id, state IN ('waiting', 'deferred') AS parked FROM sluice.jobs
      WHERE state IN ('queued', 'retrying', 'waiting', 'deferred') AND deadline_at < now()
      ORDER BY tenant_id, job_id LIMIT ${sweepLimit} FOR UPDATE SKIP LOCKED
    ), moved AS (
      UPDATE sluice.jobs j SET deadline_at = now() + ${wakeAgainAfterMs}::int * interval '1 millisecond', updated_at = now(),
        state = CASE WHEN late.parked THEN 'queued' ELSE j.state END
      FROM late WHERE j.tenant_id = late.tenant_id AND j.job_id = late.job_id
      RETURNING j.*, late.parked
    ), logged AS (
      INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason)
      SELECT tenant_id, job_id, stage, state, token, 'woken' FROM moved WHERE parked
    )
    SELECT tenant_id, job_id, stage, parked FROM moved`.execute(kysely)
  return rows
}

/** The oldest jobs that could run at once. */
export async function readyJobs({ kysely }: Session<Tables>): Promise<StagedJob[]> {
  const { rows } = await sql<StagedJob>`
    SELECT tenant_id, job_id, stage FROM sluice.jobs
    WHERE state = 'queued' OR (state = 'retrying' AND wake_at <= now())
    ORDER BY created_at LIMIT 5000`.execute(kysely)
  return rows
}
