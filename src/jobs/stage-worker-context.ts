import type { AppError } from '../contract/failure.ts'
import type { Attempt } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { AttemptWatch } from '../contract/work-events.ts'
import type { Database } from '../platform/database.ts'
import type { WakeQueue } from '../platform/wake-queue.ts'
import type { JobKey } from './move-jobs.sql.ts'

/** What a stage worker needs; `onFailure` sees every failed attempt (for the log). */
export interface StageWorkerContext {
  database: Database<Tables>
  queue: WakeQueue<JobKey>
  workerId: string
  watch: AttemptWatch
  onFailure(attempt: Attempt, error: AppError, final: boolean): void
}
