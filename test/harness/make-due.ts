import { sweep } from '../../src/jobs/run-jobs.ts'
import type { SluiceUnderTest } from './sluice-under-test.ts'

/** Lets the time pass that parked jobs wait for: their wake-up and their deadline are due now, and the sweeper looks at once. */
export async function makeDue(sluice: SluiceUnderTest): Promise<void> {
  await sluice.sql(`UPDATE sluice.jobs SET wake_at = now(), deadline_at = now() - interval '1 second'
    WHERE state IN ('queued', 'retrying', 'waiting', 'deferred')`)
  const { queue } = sluice.server.sluice.api
  await sweep(sluice.database, queue)
  for (const stage of ['parse', 'chunk', 'embed', 'publish']) queue.nudge(stage)
}
