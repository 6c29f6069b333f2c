import type { AppError } from '../contract/failure.ts'

export const maxFailures = 5
/** A worker that dies is not the document's fault; only one that kills workers again and again is stopped. */
export const maxInterruptions = 100
const baseDelayMs = 1_000
const maxDelayMs = 5 * 60_000

export type NextAttempt = { kind: 'retry'; delayMs: number; failures: number } | { kind: 'fail' }

/**
 * What follows a failed attempt. Retryable errors are tried again up to `maxFailures` times with exponential backoff and full
 * jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). A rate limit burns no attempt and the
 * provider's own wish for a delay is the least that is waited. `random` is in [0, 1).
 */
export function nextAttempt(error: AppError, failures: number, random: number): NextAttempt {
  if (!error.retryable) return { kind: 'fail' }
  const burns = error.code !== 'provider_rate_limited'
  const burnt = failures + (burns ? 1 : 0)
  if (burnt >= maxFailures) return { kind: 'fail' }
  const ceiling = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(burnt, 20))
  const delayMs = Math.round((error.retryAfterMs ?? 0) + random * ceiling)
  return { kind: 'retry', delayMs, failures: burnt }
}
