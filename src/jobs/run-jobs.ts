import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, causeChain } from '../contract/failure.ts'
import type { StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database, Session } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import type { WakeQueue } from '../platform/wake-queue.ts'
import { type JobKey, setBackJobs } from './move-jobs.sql.ts'
import { maxInterruptions, nextAttempt } from './next-attempt.ts'
import { createStageWorker } from './run-stage.ts'
import type { StageWorkerContext } from './stage-worker-context.ts'
import * as sweepSql from './sweep.sql.ts'

export interface JobRunner {
  stop(): Promise<void>
}

const beatEveryMs = 2_000
const stopWithinMs = 20_000
const overdueGraceMs = 10_000
const wakeBatch = 64

type AnyStageHandler = StageHandler<never, Session<Tables>>

/** Starts the workers of all stages in this process, its heartbeat, and the sweeper. `host` and `pid` name it to operators. */
export async function runJobs(
  context: StageWorkerContext,
  handlers: readonly AnyStageHandler[],
  worker: { host: string; pid: number; onError(error: unknown): void },
): Promise<JobRunner> {
  const { database, queue, workerId } = context
  const identity = { workerId, host: worker.host, pid: worker.pid }
  await database.transaction(async session => {
    if (database.kind === 'embedded') await sweepSql.removeOtherWorkers(session, workerId)
    await sweepSql.beat(session, identity)
  })
  await sweep(database, queue)
  await wakeAllReady(database, queue)
  const workers = handlers.map(handler => createStageWorker(context, handler))
  let stopping = false
  for (const { stage, take } of workers) {
    await queue.receive(stage, wakeBatch, async jobs => {
      if (!stopping) await take(jobs).catch(worker.onError)
    })
  }
  const tick = async () => {
    const owned = await database.transaction(async session => {
      await sweepSql.beat(session, identity)
      return await sweepSql.ownedTokens(session, workerId)
    })
    for (const { inFlight } of workers) inFlight.review(owned, Date.now())
    await sweep(database, queue)
  }
  const timer = repeat(tick, beatEveryMs, worker.onError)
  return {
    async stop() {
      stopping = true
      await timer.stop()
      for (const { inFlight } of workers) inFlight.abortAll(new AppError('shutting_down', 'The worker is stopping.'))
      // What has been bought is stored before the end; a provider that does not answer in time leaves its call in doubt.
      await Promise.race([Promise.all(workers.map(w => w.finished())), sleep(stopWithinMs, null, { ref: false })])
      await database.transaction(session => sweepSql.removeWorker(session, workerId))
      await sweep(database, queue)
    },
  }
}

/**
 * Moves on whatever is stuck: jobs of dead workers, attempts long past their deadline, wake-ups that got lost. Any number of
 * processes may sweep at once.
 */
export async function sweep(database: Database<Tables>, queue: WakeQueue<JobKey>): Promise<void> {
  await database.transaction(async session => {
    const freed = await sweepSql.releaseOrphans(session, maxInterruptions)
    const late = await sweepSql.takeOverdueWaiting(session)
    await failOverdue(session, queue)
    for (const [stage, jobs] of Map.groupBy([...freed, ...late], job => job.stage)) {
      // While a stage has wake-ups to work off, a job that waits long has most likely not lost its own: it waits its turn.
      const backlog = await queue.hasReady(session, stage)
      const wanted = jobs.filter(job => !backlog || !('parked' in job) || job.parked)
      await queue.send(
        session,
        stage,
        wanted.map(({ tenantId, jobId }) => ({ tenantId, jobId })),
      )
    }
  })
}

/** At start: wake-ups that a dead process had received, but not acted on, are sent again. */
async function wakeAllReady(database: Database<Tables>, queue: WakeQueue<JobKey>): Promise<void> {
  await database.transaction(async session => {
    const ready = Map.groupBy(await sweepSql.readyJobs(session), job => job.stage)
    for (const [stage, jobs] of ready) {
      await queue.send(
        session,
        stage,
        jobs.map(({ tenantId, jobId }) => ({ tenantId, jobId })),
      )
    }
  })
}

async function failOverdue(session: Session<Tables>, queue: WakeQueue<JobKey>): Promise<void> {
  for (const job of await sweepSql.overdueRunning(session, overdueGraceMs)) {
    const error = new AppError('job_timed_out', `Job ${job.jobId} passed the deadline of stage ${job.stage}.`)
    const next = nextAttempt(error, job.failures, Math.random())
    const retryInMs = next.kind === 'retry' ? next.delayMs : null
    const failures = next.kind === 'retry' ? next.failures : job.failures + 1
    const key = { tenantId: job.tenantId, jobId: job.jobId }
    const reason = { code: error.code, message: error.message, cause: causeChain(error) }
    await setBackJobs(session, [{ ...key, token: job.token, failures, retryInMs, ...reason }])
    if (retryInMs !== null) await queue.send(session, job.stage, [key], { startAfterMs: retryInMs })
  }
}
