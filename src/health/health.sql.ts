import { sql } from 'kysely'
import type { BreakerState } from '../contract/provider-health.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type Breaker, trialsPerSecond, windowMs } from './next-breaker.ts'
import type { Traffic } from './summarize-traffic.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

export interface TrafficBatch {
  provider: string
  calls: number
  faults: number
  limited: number
  /** Of calls that had failed before. They are counted when they begin, the others when they end. */
  retries: number
  latencies: readonly number[]
}

const spanMs = 5_000

/** Adds calls to the present span of five seconds. */
export async function addTraffic({ kysely }: Writer, batch: TrafficBatch): Promise<void> {
  await sql`
    INSERT INTO sluice.provider_traffic AS t (provider, span_start, calls, faults, all_faults, limited, retries, latencies)
    VALUES (${batch.provider}, to_timestamp(floor(extract(epoch FROM now()) * 1000 / ${spanMs}::int) * ${spanMs}::int / 1000),
      ${batch.calls}, ${batch.faults}, ${batch.faults}, ${batch.limited}, ${batch.retries}, ${[...batch.latencies]}::int[])
    ON CONFLICT (provider, span_start) DO UPDATE SET calls = t.calls + excluded.calls, faults = t.faults + excluded.faults,
      all_faults = t.all_faults + excluded.all_faults,
      limited = t.limited + excluded.limited, retries = t.retries + excluded.retries,
      latencies = (SELECT array_agg(u.a + u.b ORDER BY u.i) FROM unnest(t.latencies, excluded.latencies) WITH ORDINALITY AS u(a, b, i))`.execute(
    kysely,
  )
}

interface BreakerRow {
  state: BreakerState
  since: Date
  retryAt: Date | null
  opened: number
  successes: number
  reason: string | null
  now: Date
  windowCalls: number
  windowFaults: number
}

/** Locks a provider's breaker until the transaction is over, and gives it with the traffic since it was last closed. */
export async function lockBreaker(
  { kysely }: Writer,
  provider: string,
): Promise<{ breaker: Breaker; nowMs: number; windowCalls: number; windowFaults: number }> {
  await sql`INSERT INTO sluice.provider_health (provider) VALUES (${provider}) ON CONFLICT DO NOTHING`.execute(kysely)
  const { rows } = await sql<BreakerRow>`
    SELECT h.state, h.since, h.retry_at, h.opened, h.successes, h.reason, clock_timestamp() AS now,
      coalesce(t.calls, 0)::int AS window_calls, coalesce(t.faults, 0)::int AS window_faults
    FROM (SELECT * FROM sluice.provider_health WHERE provider = ${provider} FOR UPDATE) h
    CROSS JOIN LATERAL (SELECT sum(calls) AS calls, sum(faults) AS faults FROM sluice.provider_traffic
      WHERE provider = h.provider AND span_start > now() - ${windowMs}::int * interval '1 millisecond'
        AND (h.opened > 0 OR span_start >= h.since - ${spanMs}::int * interval '1 millisecond' OR h.since < now() - interval '1 minute')) t`.execute(
    kysely,
  )
  const [row] = rows
  if (!row) throw new Error(`the breaker of ${provider} is gone`)
  const breaker = {
    state: row.state,
    sinceMs: row.since.getTime(),
    retryAtMs: row.retryAt?.getTime() ?? null,
    opened: row.opened,
    successes: row.successes,
    reason: row.reason,
  }
  return { breaker, nowMs: row.now.getTime(), windowCalls: row.windowCalls, windowFaults: row.windowFaults }
}

/** Forgets the window too when it closes, so that old faults do not open it again. */
export async function saveBreaker({ kysely }: Writer, provider: string, breaker: Breaker): Promise<void> {
  const retryAt = breaker.retryAtMs === null ? null : new Date(breaker.retryAtMs)
  await sql`
    UPDATE sluice.provider_health SET state = ${breaker.state}, since = ${new Date(breaker.sinceMs)}::timestamptz,
      retry_at = ${retryAt}::timestamptz, opened = ${breaker.opened}, successes = ${breaker.successes}, reason = ${breaker.reason},
      probe_at = NULL, trials = CASE WHEN state = ${breaker.state} THEN trials ELSE 0 END
    WHERE provider = ${provider}`.execute(kysely)
  if (breaker.state === 'closed')
    await sql`UPDATE sluice.provider_traffic SET faults = 0 WHERE provider = ${provider}`.execute(kysely)
}

export async function setLimited({ kysely }: Writer, provider: string, forMs: number): Promise<void> {
  await sql`
    INSERT INTO sluice.provider_health (provider, limited_until)
    VALUES (${provider}, now() + ${Math.ceil(forMs)}::int * interval '1 millisecond')
    ON CONFLICT (provider) DO UPDATE
      SET limited_until = greatest(sluice.provider_health.limited_until, excluded.limited_until)`.execute(kysely)
}

/** Whether one more call may go through while it is half open; of all processes together. */
export async function takeTrial({ kysely }: Writer, provider: string, successes: number): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sluice.provider_health SET
      trials = CASE WHEN trials_since > now() - interval '1 second' THEN trials + 1 ELSE 1 END,
      trials_since = CASE WHEN trials_since > now() - interval '1 second' THEN trials_since ELSE now() END
    WHERE provider = ${provider} AND (state = 'closed' OR (state = 'half_open'
      AND (trials_since IS NULL OR trials_since <= now() - interval '1 second' OR trials < ${trialsPerSecond(successes)})))
    RETURNING provider`.execute(kysely)
  return rows.length > 0
}

/** Open ones that it is time to try; no other process tries them within ten seconds. */
export async function takeDueProbes({ kysely }: Writer): Promise<string[]> {
  const { rows } = await sql<{ provider: string }>`
    UPDATE sluice.provider_health SET probe_at = now() WHERE state = 'open' AND retry_at <= now()
      AND (probe_at IS NULL OR probe_at < now() - interval '10 seconds') RETURNING provider`.execute(kysely)
  return rows.map(row => row.provider)
}

export interface HealthRow {
  provider: string
  state: BreakerState
  since: Date
  retryAt: Date | null
  limitedUntil: Date | null
  successes: number
  reason: string | null
  /** Within the breaker's window. */
  windowCalls: number
  windowRetries: number
}

export async function readBreakers({ kysely }: Writer): Promise<HealthRow[]> {
  const { rows } = await sql<HealthRow>`
    SELECT provider, state, since, retry_at, CASE WHEN limited_until > now() THEN limited_until END AS limited_until, successes, reason,
      coalesce(calls, 0)::int AS window_calls, coalesce(retries, 0)::int AS window_retries
    FROM sluice.provider_health h CROSS JOIN LATERAL (SELECT sum(calls) AS calls, sum(retries) AS retries FROM sluice.provider_traffic
      WHERE provider = h.provider AND span_start > now() - ${windowMs}::int * interval '1 millisecond') t ORDER BY provider`.execute(
    kysely,
  )
  return rows
}

/** The traffic of the last minute, by provider. */
export async function readTraffic({ kysely }: Writer): Promise<(Traffic & { provider: string })[]> {
  const { rows } = await sql<Traffic & { provider: string }>`
    SELECT t.provider, sum(calls)::int AS calls, sum(faults)::int AS faults, sum(limited)::int AS limited, sum(retries)::int AS retries,
      (SELECT array_agg(s.count ORDER BY s.i) FROM (
        SELECT u.i, sum(u.count)::int AS count FROM sluice.provider_traffic o, unnest(o.latencies) WITH ORDINALITY AS u(count, i)
        WHERE o.provider = t.provider AND o.span_start > now() - interval '1 minute' GROUP BY u.i) s) AS latencies
    FROM sluice.provider_traffic t WHERE span_start > now() - interval '1 minute' GROUP BY t.provider`.execute(kysely)
  return rows
}
