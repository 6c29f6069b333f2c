import { sql } from 'kysely'
import type { AwaitedCall } from '../contract/deferral.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type JobKey, noPromise } from './move-jobs.sql.ts'

export interface JobWait extends JobKey {
  token: number
  awaited: AwaitedCall
}

/** Those who watch over providers' jobs wake whoever waits; the sweeper comes this much after the deadline, in case nobody did. */
const graceMs = 60_000

/** Parks running attempts until a provider is done; none is burnt. Those whose token is no longer the job's own are left alone. */
export async function awaitCalls({ kysely }: Session<Tables>, waits: readonly JobWait[]): Promise<void> {
  if (waits.length === 0) return
  await sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(waits.map(toRow))}::jsonb) AS g(tenant_id text, job_id uuid, token int,
        call_id uuid, message text, deadline_at timestamptz)
    ), mine AS (
      SELECT g.* FROM sluice.jobs j JOIN given g USING (tenant_id, job_id)
      WHERE j.state = 'running' AND j.token = g.token
      ORDER BY j.tenant_id, j.job_id FOR UPDATE OF j
    ), moved AS (
      UPDATE sluice.jobs j SET state = 'waiting', owner = NULL, ${noPromise}, updated_at = now(), wake_at = NULL,
        deadline_at = greatest(m.deadline_at, now()) + ${graceMs}::int * interval '1 millisecond',
        awaited_call_id = m.call_id, awaited_message = m.message, error_code = NULL, error_message = NULL, error_cause = NULL
      FROM mine m WHERE j.tenant_id = m.tenant_id AND j.job_id = m.job_id
      RETURNING j.*
    )
    INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason, error_message)
    SELECT tenant_id, job_id, stage, state, token, 'handed_over', awaited_message FROM moved`.execute(kysely)
}

function toRow({ tenantId, jobId, token, awaited: { callId, message, deadlineAt } }: JobWait) {
  return { tenant_id: tenantId, job_id: jobId, token, call_id: callId, message, deadline_at: deadlineAt }
}

/** Jobs that wait for one of these calls. */
export async function jobsAwaiting(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  calls: readonly { tenantId: string; callId: string }[],
): Promise<JobKey[]> {
  const { rows } = await sql<JobKey>`
    SELECT j.tenant_id, j.job_id FROM sluice.jobs j
    JOIN unnest(${calls.map(c => c.tenantId)}::text[], ${calls.map(c => c.callId)}::uuid[]) AS k(tenant_id, call_id)
      ON j.tenant_id = k.tenant_id AND j.awaited_call_id = k.call_id
    WHERE j.state = 'waiting'`.execute(kysely)
  return rows
}
