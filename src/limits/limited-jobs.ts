import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../contract/failure.ts'
import type { JobService } from '../contract/service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { closeAccount, type RequestLimit, takePermit } from './permits.sql.ts'

export interface LimitedJobsOptions {
  database: Database<Tables>
  /** Whom the provider counts by: all processes that share it share its limit. */
  account: string
  limit: RequestLimit
}

/** What has to wait longer than this gives its place to others and comes again. */
const patienceMs = 3_000
/** A provider that says 429 and not for how long has most likely a limit of this span. */
const closedMs = 10_000

/**
 * A service whose jobs are handed over as fast as the provider's limit allows, by all processes together, and not one request
 * faster. Where it is passed all the same (by other programs of the account), nobody sends anything for a while. Handing over
 * fails with `provider_rate_limited`, which burns no attempt, when its turn is too far away.
 */
export function limitedJobs<Input, Output>(
  service: JobService<Input, Output>,
  { database, account, limit }: LimitedJobsOptions,
): JobService<Input, Output> {
  return {
    ...service,
    jobs: {
      ...service.jobs,
      async submit(input, options) {
        const { granted, waitMs } = await takePermit(database, account, limit, patienceMs)
        if (!granted)
          throw new AppError(
            'provider_rate_limited',
            `The limit of ${limit.requests} uploads in ${limit.spanMs / 1000} s is used up.`,
            { retryAfterMs: waitMs },
          )
        if (waitMs > 0) await sleep(waitMs, null, { signal: options.signal })
        try {
          return await service.jobs.submit(input, options)
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'provider_rate_limited') throw error
          const retryAfterMs = error.retryAfterMs ?? closedMs
          await closeAccount(database, account, retryAfterMs)
          throw new AppError(error.code, error.message, { cause: error, retryAfterMs })
        }
      },
    },
  }
}
