import { hostname } from 'node:os'
import type { FastifyBaseLogger } from 'fastify'
import type { Tables } from '../contract/tables.ts'
import type { AttemptWatch } from '../contract/work-events.ts'
import type { JobKey } from '../jobs/move-jobs.sql.ts'
import { type JobRunner, runJobs } from '../jobs/run-jobs.ts'
import type { Database } from '../platform/database.ts'
import type { WakeQueue } from '../platform/wake-queue.ts'
import { idsOf } from './watch-work.ts'

/** Starts this process's workers; what fails is logged with its job and document. */
export async function startWorkers(
  database: Database<Tables>,
  queue: WakeQueue<JobKey>,
  stageHandlers: Parameters<typeof runJobs>[1],
  workerId: string,
  watch: AttemptWatch,
  log: FastifyBaseLogger,
  onError: (error: unknown) => void,
): Promise<JobRunner> {
  const context = {
    database,
    queue,
    workerId,
    watch,
    onFailure: (
      attempt: Parameters<typeof idsOf>[0] & { stage: string },
      error: Error & { code: string },
      final: boolean,
    ) => {
      const { stage } = attempt
      log.warn({ ...idsOf(attempt), stage, code: error.code, final, cause: error.cause }, error.message)
    },
  }
  return await runJobs(context, stageHandlers, { host: hostname(), pid: process.pid, onError })
}
