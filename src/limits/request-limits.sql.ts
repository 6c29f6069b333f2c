import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

/** `granted`: the request may be sent in `waitMs`; otherwise that is how long it would take. */
export interface Room {
  granted: boolean
  waitMs: number
  requestsPerMinute: number | null
  tokensPerMinute: number | null
}

/** Takes room for one request, in the order of asking; see `sluice.take_room` in migrations/. `present` is for tests. */
export async function takeRoom(
  { kysely }: Writer,
  account: string,
  tokens: number,
  { share, patienceMs }: { share: number; patienceMs: number },
  present: Date | null = null,
): Promise<Room> {
  const at = present === null ? sql`clock_timestamp()` : sql`${present}::timestamptz`
  const { rows } = await sql<Room>`
    SELECT granted, wait_ms, requests_per_minute::float8 AS requests_per_minute, tokens_per_minute::float8 AS tokens_per_minute
    FROM sluice.take_room(${account}, ${tokens}::bigint, ${share}::float8, ${patienceMs}::int, ${at})`.execute(kysely)
  return rows[0] ?? { granted: false, waitMs: patienceMs, requestsPerMinute: null, tokensPerMinute: null }
}

/** In how many milliseconds one more small request could be sent; nothing is taken. */
export async function waitForRoom(writer: Writer, account: string, share: number): Promise<number> {
  return (await takeRoom(writer, account, 1, { share, patienceMs: -1 })).waitMs
}

export interface LearntLimits {
  requestsPerMinute: number | null
  tokensPerMinute: number | null
}

/** Notes what the provider says; what it does not say stays as it was. */
export async function noteLimits({ kysely }: Writer, account: string, limits: LearntLimits): Promise<void> {
  await sql`
    INSERT INTO sluice.request_limits AS r (account, requests_per_minute, tokens_per_minute)
    VALUES (${account}, ${limits.requestsPerMinute}::bigint, ${limits.tokensPerMinute}::bigint)
    ON CONFLICT (tenant_id, account) DO UPDATE SET
      requests_per_minute = coalesce(excluded.requests_per_minute, r.requests_per_minute),
      tokens_per_minute = coalesce(excluded.tokens_per_minute, r.tokens_per_minute)`.execute(kysely)
}

/** Nothing is sent to the account for so long, by nobody: it gets too much. */
export async function closeFor({ kysely }: Writer, account: string, forMs: number): Promise<void> {
  await sql`
    INSERT INTO sluice.request_limits AS r (account, closed_until)
    VALUES (${account}, clock_timestamp() + ${Math.round(forMs)}::float8 * interval '1 millisecond')
    ON CONFLICT (tenant_id, account) DO UPDATE SET closed_until = greatest(r.closed_until, excluded.closed_until)`.execute(
    kysely,
  )
}
