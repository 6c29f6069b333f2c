import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, asAppError } from '../contract/failure.ts'
import type { Stage } from '../contract/job.ts'
import type { Attempt, StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { announce } from './announce.ts'
import { createCommitter, type Ending, few, gatherMs } from './commit-endings.ts'
import { createInFlight, type InFlight } from './in-flight.ts'
import { type Claim, claimJobs, type JobKey, keyOf } from './move-jobs.sql.ts'
import type { StageWorkerContext } from './stage-worker-context.ts'

export interface StageWorker {
  stage: Stage
  inFlight: InFlight
  /** Works through the woken jobs; resolves when they are claimed and it is time for more. Those of a try that fails are woken again soon. */
  take(jobs: readonly JobKey[]): Promise<void>
  /** Resolves when nothing is under way any more, aborted attempts included. */
  finished(): Promise<void>
}

/** While no attempt ends for so long, those who find no place make way for the next in the queue. */
const patienceMs = 500
/** What made way comes again after this time, so many milliseconds apart that coming in vain costs little. */
const againAfterMs = 2_000
const againApartMs = 10
/** Whoever has a lock on a job has mostly let go of it by then. */
const heldAgainAfterMs = 200

/** Runs one stage: claims sets of jobs, lets the handler work, and commits the results in sets as they come. */
export function createStageWorker<Result>(
  context: StageWorkerContext,
  handler: StageHandler<Result, Session<Tables>>,
): StageWorker {
  const inFlight = createInFlight(handler.maxInFlight, handler.timeoutMs)
  const underWay = new Set<Promise<void>>()
  const commit = createCommitter(context, handler, inFlight)
  let againAt = 0

  async function take(jobs: readonly JobKey[]): Promise<void> {
    try {
      await takeAll(jobs)
    } catch (error) {
      // Their wake-ups are used up; who was claimed all the same is not woken by another one.
      await putBack(jobs)
      throw error
    }
  }

  async function takeAll(jobs: readonly JobKey[]): Promise<void> {
    let rest = [...jobs]
    while (rest.length > 0) {
      const { fitting, others, stuck } = inFlight.admit(rest)
      await putBack(stuck)
      rest = others
      if (fitting.length > 0) await begin(fitting)
      else if (others.length > 0 && !(await inFlight.moved(patienceMs))) {
        await putBack(others)
        break
      }
    }
    if (inFlight.pace().began > few) await sleep(gatherMs)
    while (!inFlight.hasRoom()) await inFlight.moved(patienceMs)
  }

  async function begin(jobs: readonly JobKey[]): Promise<void> {
    const { database, workerId } = context
    const { claims, held } = await claimJobs(database, handler.stage, jobs, workerId, handler.timeoutMs)
    if (claims.length > 0) start(claims)
    await wakeLater(held, heldAgainAfterMs)
  }

  function start(claims: readonly Claim[]): void {
    announce('claimed', handler.stage, claims.length)
    const attempts = claims.map(claim => inFlight.start(claim, handler.stage, Date.now()))
    for (const attempt of attempts) context.watch.started(attempt)
    const working = work(attempts).finally(() => underWay.delete(working))
    underWay.add(working)
  }

  /** Those of tenants that have all the places that they may have make way for others. */
  async function putBack(jobs: readonly JobKey[]): Promise<void> {
    if (jobs.length === 0) return
    const startAfterMs = Math.max(againAfterMs, againAt - Date.now())
    againAt = Date.now() + startAfterMs + jobs.length * againApartMs
    await wakeLater(jobs, startAfterMs)
  }

  async function wakeLater(jobs: readonly JobKey[], startAfterMs: number): Promise<void> {
    if (jobs.length === 0) return
    await context.database.transaction(session =>
      context.queue.send(session, handler.stage, jobs.map(keyOf), { startAfterMs }),
    )
  }

  async function work(attempts: readonly Attempt[]): Promise<void> {
    const open = new Set(attempts)
    const settle = (attempt: Attempt, ending: Ending<Result>) => {
      if (open.delete(attempt)) commit({ attempt, ending })
      // The attempt has ended already (cancelled, too late); what it has bought is stored all the same.
      else if (ending.kind === 'done' && handler.keep) commit({ attempt, ending })
    }
    for (const attempt of attempts) {
      const onAbort = () => settle(attempt, { kind: 'failed', error: asAppError(attempt.signal.reason) })
      attempt.signal.addEventListener('abort', onAbort, { once: true })
    }
    try {
      await handler.run(attempts, settle)
      for (const attempt of open) settle(attempt, { kind: 'failed', error: forgotten(attempt) })
    } catch (error) {
      for (const attempt of open) settle(attempt, { kind: 'failed', error: asAppError(error) })
    }
  }

  async function finished(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay)
    await inFlight.idle()
  }

  return { stage: handler.stage, inFlight, take, finished }
}

function forgotten(attempt: Attempt): AppError {
  return new AppError('internal_error', `Stage ${attempt.stage} ended without an outcome for job ${attempt.jobId}.`)
}
