import { AppError } from '../contract/failure.ts'
import type { Attempt } from '../contract/stage-handler.ts'
import { hasPlace } from './bulkhead.ts'
import type { Claim, JobKey } from './move-jobs.sql.ts'

/**
 * The attempts that this process works on at one stage: how much room is left, and the means to abort what was cancelled,
 * taken over or is late.
 */
export interface InFlight {
  start(claim: Claim, stage: Attempt['stage'], now: number): Attempt
  end(attempt: Attempt): void
  /** How many began, and ended, lately: whether it pays to wait for more of them. */
  pace(): { began: number; ended: number }
  admit<Job extends JobKey>(jobs: readonly Job[]): Admission<Job>
  /** Whether there is a place for somebody. */
  hasRoom(): boolean
  /** Resolves with true once an attempt has ended, with false when none has within `withinMs`. */
  moved(withinMs: number): Promise<boolean>
  /** Aborts what is not in `owned` (job → token) any more, and what is past its deadline. */
  review(owned: ReadonlyMap<string, number>, now: number): void
  abortAll(reason: AppError): void
  idle(): Promise<void>
}

/** Which jobs find a place now, tenant by tenant; in their order. `stuck`: none will be free soon, since the tenant's own are held up. */
export interface Admission<Job> {
  fitting: Job[]
  others: Job[]
  stuck: Job[]
}

/** What has not ended by then mostly waits for a provider. */
const youngMs = 3_000
/** By then the health of a provider that hangs is known, and nobody is sent there any more. */
const staleMs = 30_000

const latelyMs = 500

export function createInFlight(maxInFlight: number, timeoutMs: number): InFlight {
  const running = new Map<Attempt, { controller: AbortController; deadline: number; startedAt: number }>()
  let waiting: (() => void)[] = []
  const began: number[] = []
  const ended: number[] = []

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>(resolve => waiting.push(resolve))
  }

  function countPlaces() {
    const now = Date.now()
    const tenants = new Map<string, TenantPlaces>()
    let young = 0
    for (const [{ tenantId }, { startedAt }] of running) {
      const age = now - startedAt
      const { ofTenant, old, stale } = tenants.get(tenantId) ?? noPlaces
      if (age <= youngMs) young++
      tenants.set(tenantId, {
        ofTenant: ofTenant + 1,
        old: old + (age > youngMs ? 1 : 0),
        stale: stale + (age > staleMs ? 1 : 0),
      })
    }
    return { tenants, young, all: running.size }
  }

  return {
    start(claim, stage, now) {
      const controller = new AbortController()
      const attempt: Attempt = { ...claim, stage, signal: controller.signal }
      running.set(attempt, { controller, deadline: now + timeoutMs, startedAt: now })
      began.push(now)
      return attempt
    },
    end(attempt) {
      running.delete(attempt)
      ended.push(Date.now())
      for (const wake of waiting.splice(0)) wake()
    },
    pace: () => ({ began: countLately(began), ended: countLately(ended) }),
    admit(jobs) {
      const places = countPlaces()
      const {
        fitting = [],
        others = [],
        stuck = [],
      } = Object.groupBy(jobs, ({ tenantId }) => {
        const own = places.tenants.get(tenantId) ?? noPlaces
        if (!hasPlace({ ...places, ...own }, maxInFlight))
          return own.old >= stuckFrom * maxInFlight ? 'stuck' : 'others'
        places.tenants.set(tenantId, { ...own, ofTenant: own.ofTenant + 1 })
        places.young++
        places.all++
        return 'fitting'
      })
      return { fitting, others, stuck }
    },
    hasRoom: () => hasPlace({ ...countPlaces(), ...noPlaces }, maxInFlight),
    async moved(withinMs) {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const timer = setTimeout(() => resolve(false), withinMs)
      waiting.push(() => resolve(true))
      return await promise.finally(() => clearTimeout(timer))
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

/** Times of the last half second, of which older ones are forgotten. */
function countLately(times: number[]): number {
  const since = Date.now() - latelyMs
  const first = times.findIndex(time => time >= since)
  times.splice(0, first < 0 ? times.length : first)
  return times.length
}

interface TenantPlaces {
  ofTenant: number
  old: number
  stale: number
}

const noPlaces: TenantPlaces = { ofTenant: 0, old: 0, stale: 0 }
/** A tenant with so large a part of the places held by old ones does not get any soon. */
const stuckFrom = 0.5

function takenAway(attempt: Attempt): AppError {
  return new AppError('job_interrupted', `Job ${attempt.jobId} was cancelled or taken over at stage ${attempt.stage}.`)
}

function timedOut(attempt: Attempt, timeoutMs: number): AppError {
  return new AppError(
    'job_timed_out',
    `Job ${attempt.jobId} did not finish stage ${attempt.stage} within ${timeoutMs / 1000} s.`,
  )
}
