import type { Tables } from '../contract/tables.ts'
import { jobsWaitingFor, providersWaitedFor } from '../jobs/defer-jobs.sql.ts'
import type { JobKey } from '../jobs/move-jobs.sql.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import type { WakeQueue } from '../platform/wake-queue.ts'
import type { Router } from './create-router.ts'
import { wakeJobs } from './watch-money.ts'

export interface HealthWatch {
  database: Database<Tables>
  queue: WakeQueue<JobKey>
  router: Router
  onError(error: unknown): void
}

const everyMs = 500
/** While it is only being tried, few are woken: most of them would have to wait again. */
const wokenToTry = 4
const wokenAtOnce = 200

/** Wakes jobs that wait for a provider: a few while it is tried, waves of them once it is back. */
export function watchHealth(watch: HealthWatch): { stop(): Promise<void> } {
  return repeat(() => wakeForHealth(watch), everyMs, watch.onError)
}

export async function wakeForHealth({ database, queue, router }: HealthWatch): Promise<void> {
  for (const provider of await providersWaitedFor(database)) {
    const health = router.health.of(provider)
    if (health?.state === 'open' || (health?.limitedUntil && Date.parse(health.limitedUntil) > Date.now())) continue
    const jobs = await jobsWaitingFor(database, provider, health?.state === 'half_open' ? wokenToTry : wokenAtOnce)
    await database.transaction(session => wakeJobs(session, queue, jobs))
    for (const stage of ['parse', 'embed'] as const) queue.nudge(stage)
  }
}
