import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { Traffic } from './summarize-traffic.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

/** Counts by the hour are kept so long. */
const keptFor = '400 days'

/** What is older than an hour is kept by the hour from now on: in one statement, so that each call is counted once. */
export async function keepTrafficByHour({ kysely }: Writer): Promise<void> {
  await sql`
    WITH old AS (
      DELETE FROM sluice.provider_traffic WHERE span_start < now() - interval '1 hour'
      RETURNING provider, date_trunc('hour', span_start, 'UTC') AS hour_start, calls, all_faults, limited, retries, latencies
    ), sums AS (
      SELECT provider, hour_start, sum(calls)::int AS calls, sum(all_faults)::int AS faults, sum(limited)::int AS limited,
        sum(retries)::int AS retries FROM old GROUP BY provider, hour_start
    )
    INSERT INTO sluice.provider_hours AS h (provider, hour_start, calls, faults, limited, retries, latencies)
    SELECT s.*, (SELECT array_agg(c.count ORDER BY c.i) FROM (
      SELECT u.i, sum(u.count)::int AS count FROM old o, unnest(o.latencies) WITH ORDINALITY AS u(count, i)
      WHERE o.provider = s.provider AND o.hour_start = s.hour_start GROUP BY u.i) c)
    FROM sums s
    ON CONFLICT (provider, hour_start) DO UPDATE SET calls = h.calls + excluded.calls, faults = h.faults + excluded.faults,
      limited = h.limited + excluded.limited, retries = h.retries + excluded.retries,
      latencies = (SELECT array_agg(u.a + u.b ORDER BY u.i) FROM unnest(h.latencies, excluded.latencies) WITH ORDINALITY AS u(a, b, i))`.execute(
    kysely,
  )
  await sql`DELETE FROM sluice.provider_hours WHERE hour_start < now() - ${keptFor}::interval`.execute(kysely)
}

/** The traffic of a span by provider; hours that the span only begins or ends in are counted whole. */
export async function readTrafficOf(
  { kysely }: Writer,
  { from, to }: { from: Date; to: Date },
): Promise<(Traffic & { provider: string })[]> {
  const { rows } = await sql<Traffic & { provider: string }>`
    WITH parts AS (
      SELECT provider, calls, faults, limited, retries, latencies FROM sluice.provider_hours
      WHERE hour_start >= date_trunc('hour', ${from}::timestamptz, 'UTC') AND hour_start < ${to}::timestamptz
      UNION ALL
      SELECT provider, calls, all_faults, limited, retries, latencies FROM sluice.provider_traffic
      WHERE span_start >= ${from}::timestamptz AND span_start < ${to}::timestamptz
    )
    SELECT p.provider, sum(calls)::int AS calls, sum(faults)::int AS faults, sum(limited)::int AS limited, sum(retries)::int AS retries,
      (SELECT array_agg(c.count ORDER BY c.i) FROM (
        SELECT u.i, sum(u.count)::int AS count FROM parts o, unnest(o.latencies) WITH ORDINALITY AS u(count, i)
        WHERE o.provider = p.provider GROUP BY u.i) c) AS latencies
    FROM parts p GROUP BY p.provider`.execute(kysely)
  return rows
}
