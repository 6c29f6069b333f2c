import { sql } from 'kysely'
import type { JobState, Stage } from '../contract/job.ts'
import type { Overview } from '../contract/overview.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** How many of a tenant's unfinished jobs are where, and since when the one that waits longest for a worker waits. */
export async function readUnfinished(
  { kysely }: Reader,
  tenantId: string,
): Promise<Pick<Overview, 'unfinished' | 'oldestQueuedAt'>> {
  const { rows } = await sql<{ stage: Stage; state: JobState; jobs: number; oldestAt: Date }>`
    SELECT stage, state, count(*)::int AS jobs, min(updated_at) AS oldest_at FROM sluice.jobs
    WHERE deadline_at IS NOT NULL AND tenant_id = ${tenantId}
    GROUP BY stage, state ORDER BY stage, state`.execute(kysely)
  const queued = rows.filter(row => row.state === 'queued').map(row => row.oldestAt.getTime())
  return {
    unfinished: rows.map(({ stage, state, jobs }) => ({ stage, state, jobs })),
    oldestQueuedAt: queued.length === 0 ? null : new Date(Math.min(...queued)).toISOString(),
  }
}

export interface Span {
  from: Date
  to: Date
  bucketSeconds: number
}

interface BucketRow {
  bucket: number
  succeeded: number
  failed: number
  cancelled: number
  medianSeconds: number | null
}

/** What ended in each bucket of a span; buckets in which nothing ended are left out. */
export async function readEnded(
  { kysely }: Reader,
  tenantId: string,
  { from, to, bucketSeconds }: Span,
): Promise<BucketRow[]> {
  const { rows } = await sql<BucketRow>`
    SELECT bucket, (count(*) FILTER (WHERE state = 'succeeded'))::int AS succeeded, (count(*) FILTER (WHERE state = 'failed'))::int AS failed,
      (count(*) FILTER (WHERE state = 'cancelled'))::int AS cancelled,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE state = 'succeeded') AS median_seconds
    FROM (SELECT floor(date_part('epoch', finished_at - ${from}::timestamptz) / ${bucketSeconds}::int)::int AS bucket, state,
        date_part('epoch', finished_at - created_at) AS seconds
      FROM sluice.jobs
      WHERE tenant_id = ${tenantId} AND finished_at >= ${from}::timestamptz AND finished_at < ${to}::timestamptz) AS ended
    GROUP BY 1 ORDER BY 1`.execute(kysely)
  return rows
}
