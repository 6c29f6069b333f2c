import { sql } from 'kysely'
import type { BreakerState } from '../contract/provider-health.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface Breaker {
  /** With ` (simulated)` behind it where it is a simulator. */
  provider: string
  state: BreakerState
  limited: boolean
  /** Why it is not closed. */
  reason: string | null
}

export async function readBreakers({ kysely }: Reader): Promise<Breaker[]> {
  const { rows } = await sql<Breaker>`
    SELECT provider, state, coalesce(limited_until > now(), false) AS limited, reason FROM sluice.provider_health`.execute(
    kysely,
  )
  return rows
}

export interface LimiterRoom {
  /** Of provider and model, with a hash of the key between them. */
  account: string
  requestsPerMinute: number | null
  tokensPerMinute: number | null
  usedRequests: number
  usedTokens: number
  closedSeconds: number
  /** Since something was sent last; null: nothing is known of it any more. */
  idleSeconds: number | null
}

/** What each account may send, and what it has sent within the last 60 seconds, by all processes. */
export async function readLimiterRoom({ kysely }: Reader): Promise<LimiterRoom[]> {
  const { rows } = await sql<LimiterRoom>`
    SELECT account, requests_per_minute::float8 AS requests_per_minute, tokens_per_minute::float8 AS tokens_per_minute,
      u.requests AS used_requests, u.tokens AS used_tokens,
      (extract(epoch FROM now()) - r.seconds[cardinality(r.seconds)])::float8 AS idle_seconds,
      CASE WHEN closed_until > now() THEN extract(epoch FROM closed_until - now())::float8 ELSE 0 END AS closed_seconds
    FROM sluice.request_limits r CROSS JOIN LATERAL (
      SELECT coalesce(sum(q), 0)::float8 AS requests, coalesce(sum(t), 0)::float8 AS tokens
      FROM unnest(r.seconds, r.requests, r.tokens) AS s(second, q, t) WHERE s.second > extract(epoch FROM now()) - 61) u`.execute(
    kysely,
  )
  return rows
}

export interface UploadPermits {
  account: string
  used: number
  closedSeconds: number
  idleSeconds: number | null
}

/** How many uploads each account has been given within the last span. */
export async function readUploadPermits({ kysely }: Reader, spanMs: number): Promise<UploadPermits[]> {
  const { rows } = await sql<UploadPermits>`
    SELECT account, (SELECT count(*)::int FROM unnest(given_at) AS t(at) WHERE t.at > now() - ${spanMs}::int * interval '1 millisecond') AS used,
      extract(epoch FROM now() - given_at[cardinality(given_at)])::float8 AS idle_seconds,
      CASE WHEN closed_until > now() THEN extract(epoch FROM closed_until - now())::float8 ELSE 0 END AS closed_seconds
    FROM sluice.rate_limits`.execute(kysely)
  return rows
}

/** Jobs that providers work off on their own, by what is still to be done about them. */
export async function countRemoteCalls({
  kysely,
}: Reader): Promise<{ provider: string; phase: string; calls: number }[]> {
  const { rows } = await sql<{ provider: string; phase: string; calls: number }>`
    SELECT provider, phase, count(*)::int AS calls FROM sluice.remote_calls GROUP BY 1, 2`.execute(kysely)
  return rows
}

/** When a provider told something last, in seconds since 1970; null: never, or longer ago than events are kept. */
export async function readLastWebhook({ kysely }: Reader): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    SELECT extract(epoch FROM max(received_at))::float8 AS at FROM sluice.webhook_events`.execute(kysely)
  return rows[0]?.at ?? null
}
