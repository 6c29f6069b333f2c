import { AppError } from '../contract/failure.ts'
import type { Attempt } from '../contract/stage-handler.ts'
import type { Claim } from './move-jobs.sql.ts'

/**
 * The attempts that this process works on at one stage: how much room is left, and the means to abort what was cancelled,
 * taken over or is late.
 */
export interface InFlight {
  start(claim: Claim, stage: Attempt['stage'], now: number): Attempt
  end(attempt: Attempt): void
  count(): number
  /** Resolves when at least one more attempt fits; gives how many. */
  room(): Promise<number>
  /** Aborts what is not in `owned` (job → token) any more, and what is past its deadline. */
  review(owned: ReadonlyMap<string, number>, now: number): void
  abortAll(reason: AppError): void
  idle(): Promise<void>
}

export function createInFlight(maxInFlight: number, timeoutMs: number): InFlight {
  const running = new Map<Attempt, { controller: AbortController; deadline: number; startedAt: number }>()
  let waiting: (() => void)[] = []

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>(resolve => waiting.push(resolve))
  }

  return {
    start(claim, stage, now) {
      const controller = new AbortController()
      const attempt: Attempt = { ...claim, stage, signal: controller.signal }
      running.set(attempt, { controller, deadline: now + timeoutMs, startedAt: now })
      return attempt
    },
    end(attempt) {
      running.delete(attempt)
      for (const wake of waiting.splice(0)) wake()
    },
    count: () => running.size,
    async room() {
      await until(() => running.size < maxInFlight)
      return maxInFlight - running.size
    },
    review(owned, now) {
      for (const [attempt, { controller, deadline, startedAt }] of running) {
        // What was claimed while `owned` was being read is not in it yet.
        const settled = now - startedAt > 1_000
        if (settled && owned.get(attempt.jobId) !== attempt.token) controller.abort(takenAway(attempt))
        else if (now > deadline) controller.abort(timedOut(attempt, timeoutMs))
      }
    },
    abortAll(reason) {
      for (const { controller } of running.values()) controller.abort(reason)
    },
    async idle() {
      await until(() => running.size === 0)
      waiting = []
    },
  }
}

function takenAway(attempt: Attempt): AppError {
  return new AppError('job_interrupted', `Job ${attempt.jobId} was cancelled or taken over at stage ${attempt.stage}.`)
}

function timedOut(attempt: Attempt, timeoutMs: number): AppError {
  return new AppError(
    'job_timed_out',
    `Job ${attempt.jobId} did not finish stage ${attempt.stage} within ${timeoutMs / 1000} s.`,
  )
}
