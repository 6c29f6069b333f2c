import type { SendResult } from '../contract/alert-receiver.ts'

/** Seconds before the second attempt, the third, and so on: about 28 hours in all, as Standard Webhooks recommends. */
export const backoffSeconds = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 36_000] as const

export type AfterAttempt =
  | { kind: 'delivered' }
  | { kind: 'again'; inMs: number }
  | { kind: 'dead' }
  /** The receiver has said that it is no more: 410. */
  | { kind: 'gone' }

/**
 * What becomes of a delivery after its attempt number `attempts`, from 1. A longer Retry-After wins, up to a day. `random` in [0, 1) spreads
 * the attempts of many by a fifth.
 */
export function nextDelivery(
  { ok, status, retryAfterMs }: Pick<SendResult, 'ok' | 'status'> & { retryAfterMs: number | null },
  attempts: number,
  random: number,
): AfterAttempt {
  if (ok) return { kind: 'delivered' }
  if (status === 410) return { kind: 'gone' }
  const seconds = backoffSeconds[attempts - 1]
  if (seconds === undefined) return { kind: 'dead' }
  const inMs = seconds * 1_000 * (1 + random / 5)
  return { kind: 'again', inMs: Math.round(Math.max(inMs, Math.min(retryAfterMs ?? 0, 86_400_000))) }
}
