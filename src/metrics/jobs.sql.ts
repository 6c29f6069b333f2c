import { sql } from 'kysely'
import type { DeferralReason } from '../contract/deferral.ts'
import type { JobState, Stage } from '../contract/job.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { tenantLabel } from './named-tenants.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface JobCount {
  tenant: string
  stage: Stage
  state: JobState
  reason: DeferralReason | null
  jobs: number
  /** Since the one came here that is longest here. */
  oldestSeconds: number
}

/** Unfinished jobs by where they are and why they wait there. Reads as many rows of an index as there are. */
export async function readJobCounts({ kysely }: Reader, named: readonly string[]): Promise<JobCount[]> {
  const { rows } = await sql<JobCount>`
    SELECT ${tenantLabel(sql`tenant_id`, named)} AS tenant, stage, state, CASE state WHEN 'deferred' THEN deferral_reason END AS reason,
      count(*)::int AS jobs, greatest(extract(epoch FROM clock_timestamp() - min(updated_at)), 0)::float8 AS oldest_seconds
    FROM sluice.jobs WHERE deadline_at IS NOT NULL GROUP BY 1, 2, 3, 4`.execute(kysely)
  return rows
}

/** How many processes gave a sign of life within the last 15 seconds. */
export async function countProcesses({ kysely }: Reader): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM sluice.workers WHERE heartbeat_at > now() - interval '15 seconds'`.execute(
    kysely,
  )
  return rows[0]?.count ?? 0
}
