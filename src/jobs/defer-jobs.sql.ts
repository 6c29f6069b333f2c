import { sql } from 'kysely'
import type { Deferral } from '../contract/deferral.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type JobKey, wakeAgainAfterMs } from './move-jobs.sql.ts'
import type { StagedJob } from './sweep.sql.ts'

export interface JobDeferral extends JobKey {
  token: number
  deferral: Deferral
}

/** Who waits for an event alone is looked at again after this time all the same. */
const lookAgainAfterMs = 3_600_000
/** Jobs that wait for money are woken by those who know how much there is; the sweeper comes later, in case nobody did. */
const budgetGraceMs = 30_000

/** Parks running attempts; none is burnt. Those whose token is no longer the job's own are left alone. */
export async function deferJobs({ kysely }: Session<Tables>, deferrals: readonly JobDeferral[]): Promise<void> {
  if (deferrals.length === 0) return
  await sql`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(deferrals.map(toRow))}::jsonb) AS g(tenant_id text, job_id uuid, token int,
        reason text, message text, resumes_at timestamptz, budget_tenant text, budget_id text, needed bigint, missing bigint, provider text)
    ), mine AS (
      SELECT g.* FROM sluice.jobs j JOIN given g USING (tenant_id, job_id)
      WHERE j.state = 'running' AND j.token = g.token
      ORDER BY j.tenant_id, j.job_id FOR UPDATE OF j
    ), moved AS (
      UPDATE sluice.jobs j SET state = 'deferred', owner = NULL, updated_at = now(), wake_at = m.resumes_at,
        deadline_at = coalesce(m.resumes_at, now() + ${lookAgainAfterMs}::int * interval '1 millisecond')
          + CASE m.reason WHEN 'budget' THEN ${budgetGraceMs}::int ELSE 0 END * interval '1 millisecond',
        deferral_reason = m.reason, deferral_message = m.message, deferral_budget_tenant = m.budget_tenant,
        deferral_budget_id = m.budget_id, deferral_needed_nano_usd = m.needed, deferral_missing_nano_usd = m.missing,
        deferral_provider = m.provider,
        error_code = NULL, error_message = NULL, error_cause = NULL
      FROM mine m WHERE j.tenant_id = m.tenant_id AND j.job_id = m.job_id
      RETURNING j.*
    )
    INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason, error_message)
    SELECT tenant_id, job_id, stage, state, token, 'deferred', deferral_message FROM moved`.execute(kysely)
}

function toRow({ tenantId, jobId, token, deferral: { reason, message, resumesAt, budget, provider } }: JobDeferral) {
  return {
    tenant_id: tenantId,
    job_id: jobId,
    token,
    reason,
    message,
    resumes_at: resumesAt,
    budget_tenant: budget?.tenantId,
    budget_id: budget?.budgetId,
    needed: budget?.neededNanoUsd.toString(),
    missing: budget?.missingNanoUsd.toString(),
    provider,
  }
}

/** Queues parked jobs again; the caller sends the wake-ups in the same transaction. Returns those that were still parked. */
export async function wakeParked({ kysely }: Session<Tables>, jobs: readonly JobKey[]): Promise<StagedJob[]> {
  if (jobs.length === 0) return []
  const { rows } = await sql<StagedJob>`
    WITH parked AS (
      SELECT j.tenant_id, j.job_id FROM sluice.jobs j
      JOIN unnest(${jobs.map(j => j.tenantId)}::text[], ${jobs.map(j => j.jobId)}::uuid[]) AS k(tenant_id, job_id) USING (tenant_id, job_id)
      WHERE j.state IN ('waiting', 'deferred') ORDER BY j.tenant_id, j.job_id FOR UPDATE OF j
    ), moved AS (
      UPDATE sluice.jobs j SET state = 'queued', wake_at = NULL, updated_at = now(),
        deadline_at = now() + ${wakeAgainAfterMs}::int * interval '1 millisecond'
      FROM parked WHERE j.tenant_id = parked.tenant_id AND j.job_id = parked.job_id
      RETURNING j.*
    ), logged AS (
      INSERT INTO sluice.job_events (tenant_id, job_id, stage, state, token, reason)
      SELECT tenant_id, job_id, stage, state, token, 'woken' FROM moved
    )
    SELECT tenant_id, job_id, stage FROM moved`.execute(kysely)
  return rows
}

/** Deferred jobs that wait for a provider, the oldest first. */
export async function jobsWaitingFor(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  provider: string,
  limit: number,
): Promise<JobKey[]> {
  const { rows } = await sql<JobKey>`
    SELECT tenant_id, job_id FROM sluice.jobs WHERE deferral_provider = ${provider} AND state = 'deferred'
    ORDER BY priority DESC, created_at LIMIT ${limit}`.execute(kysely)
  return rows
}

/** The providers that deferred jobs wait for. */
export async function providersWaitedFor({ kysely }: Pick<Session<Tables>, 'kysely'>): Promise<string[]> {
  const { rows } = await sql<{ provider: string }>`
    SELECT DISTINCT deferral_provider AS provider FROM sluice.jobs
    WHERE deferral_provider IS NOT NULL AND state = 'deferred'`.execute(kysely)
  return rows.map(row => row.provider)
}

export interface BudgetKey {
  tenantId: string
  budgetId: string
}

/** A job that waits for money of a budget (`deferred`), or has been woken for it and has not reserved it yet. */
export interface WaitingForMoney extends JobKey {
  state: 'deferred' | 'queued' | 'running'
  neededNanoUsd: bigint
  priority: number
  dueAt: Date | null
  createdAt: Date
}

/** The budgets that deferred jobs wait for. */
export async function budgetsWaitedFor({ kysely }: Pick<Session<Tables>, 'kysely'>): Promise<BudgetKey[]> {
  const { rows } = await sql<BudgetKey>`
    SELECT DISTINCT deferral_budget_tenant AS tenant_id, deferral_budget_id AS budget_id FROM sluice.jobs
    WHERE deferral_budget_id IS NOT NULL AND state = 'deferred'`.execute(kysely)
  return rows
}

/** Who waits for a budget, and to whom its money is promised; at most so many of each tenant and state, the most urgent first. */
export async function waitingForMoney(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  { tenantId, budgetId }: BudgetKey,
  perTenant: number,
): Promise<WaitingForMoney[]> {
  const { rows } = await sql<WaitingForMoney>`
    SELECT tenant_id, job_id, state, needed_nano_usd, priority, due_at, created_at FROM (
      SELECT tenant_id, job_id, state, deferral_needed_nano_usd AS needed_nano_usd, priority, due_at, created_at,
        row_number() OVER (PARTITION BY tenant_id, state ORDER BY priority DESC, due_at, created_at, job_id) AS place
      FROM sluice.jobs j
      WHERE deferral_budget_tenant = ${tenantId} AND deferral_budget_id = ${budgetId} AND state IN ('deferred', 'queued', 'running')
        AND sluice.wants_money(j)) AS line
    WHERE place <= ${perTenant} ORDER BY priority DESC, due_at, created_at, job_id`.execute(kysely)
  return rows
}

/**
 * Says of those whose window is over, and for whom the new one has no room either, that they go on with the next. Waits for nobody: who is being
 * woken by another one just then needs no new date, and is looked at again in a second otherwise.
 */
export async function postponeDeferred(
  { kysely }: Session<Tables>,
  { tenantId, budgetId }: BudgetKey,
  resumesAt: Date | null,
): Promise<void> {
  await sql`
    WITH late AS (
      SELECT tenant_id, job_id FROM sluice.jobs
      WHERE deferral_budget_tenant = ${tenantId} AND deferral_budget_id = ${budgetId} AND state = 'deferred'
        AND deadline_at < now() + ${budgetGraceMs}::int * interval '1 millisecond'
      FOR UPDATE SKIP LOCKED
    )
    UPDATE sluice.jobs j SET wake_at = ${resumesAt}::timestamptz, updated_at = now(),
      deadline_at = coalesce(${resumesAt}::timestamptz, now() + ${lookAgainAfterMs}::int * interval '1 millisecond')
        + ${budgetGraceMs}::int * interval '1 millisecond'
    FROM late WHERE j.tenant_id = late.tenant_id AND j.job_id = late.job_id`.execute(kysely)
}

/** Jobs that wait for a call in doubt. */
export async function jobsInDoubt({ kysely }: Session<Tables>, tenantId: string): Promise<JobKey[]> {
  const { rows } = await sql<JobKey>`
    SELECT tenant_id, job_id FROM sluice.jobs
    WHERE tenant_id = ${tenantId} AND state = 'deferred' AND deferral_reason = 'in_doubt'`.execute(kysely)
  return rows
}

/** How many jobs wait for which budget, and what they need together. */
export async function countWaitingForMoney({
  kysely,
}: Pick<Session<Tables>, 'kysely'>): Promise<(BudgetKey & { jobs: number; neededNanoUsd: bigint })[]> {
  const { rows } = await sql<BudgetKey & { jobs: number; neededNanoUsd: bigint }>`
    SELECT deferral_budget_tenant AS tenant_id, deferral_budget_id AS budget_id, count(*)::int AS jobs,
      sum(deferral_needed_nano_usd)::bigint AS needed_nano_usd
    FROM sluice.jobs WHERE deferral_budget_id IS NOT NULL AND state = 'deferred'
    GROUP BY deferral_budget_tenant, deferral_budget_id`.execute(kysely)
  return rows
}
