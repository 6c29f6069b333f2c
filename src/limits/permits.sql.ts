import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

/** At most so many requests in any span of this length. */
export interface RequestLimit {
  requests: number
  spanMs: number
}

/** `granted`: the request may be sent in `waitMs`; otherwise that is how long it takes until one could be. */
export interface Permit {
  granted: boolean
  waitMs: number
}

/** Takes one of an account's permits, in the order of asking; see `sluice.take_permit` in migrations/. */
export async function takePermit(
  { kysely }: Writer,
  account: string,
  { requests, spanMs }: RequestLimit,
  patienceMs: number,
): Promise<Permit> {
  const { rows } = await sql<Permit>`
    SELECT granted, wait_ms FROM sluice.take_permit(${account}, ${requests}::int, ${spanMs}::int, ${patienceMs}::int)`.execute(
    kysely,
  )
  return rows[0] ?? { granted: false, waitMs: patienceMs }
}

/** In how many milliseconds one more request could be sent; nothing is taken. */
export async function waitForPermit(writer: Writer, account: string, limit: RequestLimit): Promise<number> {
  return (await takePermit(writer, account, limit, -1)).waitMs
}

/** Closes an account for a while, for all processes: its provider has said that it gets too much. */
export async function closeAccount({ kysely }: Writer, account: string, forMs: number): Promise<void> {
  await sql`
    INSERT INTO sluice.rate_limits AS r (account, closed_until)
    VALUES (${account}, clock_timestamp() + ${forMs}::int * interval '1 millisecond')
    ON CONFLICT (tenant_id, account) DO UPDATE SET closed_until = greatest(r.closed_until, excluded.closed_until)`.execute(
    kysely,
  )
}
