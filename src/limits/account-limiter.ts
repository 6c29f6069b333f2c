import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../contract/failure.ts'
import type { RequestLimiter, RequestOutcome } from '../contract/request-limiter.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { afterAnswer, afterTrouble, startConcurrency } from './concurrency.ts'
import { readLimitHeaders } from './read-limit-headers.ts'
import { closeFor, type LearntLimits, noteLimits, takeRoom } from './request-limits.sql.ts'

export interface AccountLimiterOptions {
  database: Database<Tables>
  /** Names provider, key (not the key itself) and model: whatever has limits of its own. */
  account: string
  /** The most requests of this process at once. */
  bound: number
  /** How long a request waits here for its turn; what would take longer fails and is tried again by its job. */
  patienceMs: number
  onError(error: unknown): void
}

/** Says too how many requests of this process are under way, how many may be, and how many wait here for their turn. */
export interface AccountLimiter extends RequestLimiter {
  account: string
  atOnce(): { underWay: number; most: number; waiting: number }
}

/** The part of a limit that is used: clocks differ, and the provider counts what arrives, not what leaves. */
export const limitShare = 0.96
/** Requests of this part of the limit still fill a minute well. */
const partsOfMinute = 20
const backoffMs = 1_000
const maxBackoffMs = 60_000

/**
 * One account's limiter over the database: what all processes send in any 60 seconds stays within the limits that the provider's replies
 * tell. A 429 closes the account for all of them for as long as it says, or for longer and longer. How many requests of this process are
 * under way follows from how they fare.
 */
export function createAccountLimiter(options: AccountLimiterOptions): AccountLimiter {
  const { database, account, patienceMs, onError } = options
  let concurrency = startConcurrency(options.bound)
  let known: LearntLimits = { requestsPerMinute: null, tokensPerMinute: null }
  let underWay = 0
  let refusals = 0
  const waiting: (() => void)[] = []

  const leave = () => {
    underWay--
    while (waiting.length > 0 && underWay < Math.floor(concurrency.cap)) {
      underWay++
      waiting.shift()?.()
    }
  }
  const enter = async (signal: AbortSignal) => {
    signal.throwIfAborted()
    if (underWay < Math.floor(concurrency.cap)) {
      underWay++
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = () => {
      const place = waiting.indexOf(resolve)
      if (place >= 0) waiting.splice(place, 1)
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    waiting.push(resolve)
    await promise.finally(() => signal.removeEventListener('abort', onAbort))
  }
  const learn = (headers: Headers | null, outcome: RequestOutcome) => {
    const told = headers && readLimitHeaders(headers, Date.now())
    const { requestsPerMinute = null, tokensPerMinute = null } = told ?? {}
    const isNew = (now: number | null, before: number | null) => now !== null && now !== before
    if (isNew(requestsPerMinute, known.requestsPerMinute) || isNew(tokensPerMinute, known.tokensPerMinute)) {
      known = {
        requestsPerMinute: requestsPerMinute ?? known.requestsPerMinute,
        tokensPerMinute: tokensPerMinute ?? known.tokensPerMinute,
      }
      noteLimits(database, account, { requestsPerMinute, tokensPerMinute }).catch(onError)
    }
    if (outcome === 'answered') refusals = 0
    if (outcome !== 'limited') return
    refusals++
    const forMs = told?.retryAfterMs ?? Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(refusals - 1, 10))
    closeFor(database, account, forMs).catch(onError)
  }

  return {
    account,
    atOnce: () => ({ underWay, most: Math.floor(concurrency.cap), waiting: waiting.length }),
    mostTokens: () => known.tokensPerMinute && Math.max(1, Math.floor(known.tokensPerMinute / partsOfMinute)),
    async turn(tokens, signal) {
      await enter(signal)
      try {
        const room = await takeRoom(database, account, tokens, { share: limitShare, patienceMs })
        known = { requestsPerMinute: room.requestsPerMinute, tokensPerMinute: room.tokensPerMinute }
        if (!room.granted) throw noRoom(account, room.waitMs)
        if (room.waitMs > 0) await sleep(room.waitMs, undefined, { signal }).catch(() => signal.throwIfAborted())
      } catch (error) {
        leave()
        throw error
      }
      const sentAtMs = performance.now()
      let open = true
      return {
        done(outcome, headers) {
          if (!open) return
          open = false
          learn(headers, outcome)
          concurrency =
            outcome === 'answered' ? afterAnswer(concurrency) : afterTrouble(concurrency, sentAtMs, performance.now())
          leave()
        },
      }
    },
  }
}

function noRoom(account: string, waitMs: number): AppError {
  const why = `The limits of ${account} leave no room for ${Math.ceil(waitMs / 1000)} s`
  return new AppError('provider_rate_limited', `${why}; nothing was sent. The job goes on by itself.`, {
    retryAfterMs: waitMs,
  })
}
