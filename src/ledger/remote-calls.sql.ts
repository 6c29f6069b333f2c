import { type RawBuilder, sql } from 'kysely'
import type { Provenance, ServiceName } from '../contract/provenance.ts'
import type { Quote } from '../contract/service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface CallKey {
  tenantId: string
  callId: string
}

/** A call that its provider works off on its own, with what was quoted and decided when it was made. */
export interface RemoteCall extends CallKey {
  remoteId: string
  submittedAt: Date
  deadlineAt: Date
  overdue: boolean
  looks: number
  endedAt: Date | null
  quote: Quote
  provenance: Provenance
}

/** Notes the provider's id of a call's job before anything waits for it; the hold belongs to no process from now on. */
export async function noteSubmission(
  { kysely }: Reader,
  { tenantId, callId }: CallKey,
  { remoteId, deadlineMs, lookInMs }: { remoteId: string; deadlineMs: number; lookInMs: number },
): Promise<Date | null> {
  const { rows } = await sql<{ deadlineAt: Date }>`
    WITH handed_over AS (
      UPDATE sluice.holds SET state = 'dispatched', owner = NULL, remote_id = ${remoteId}, note = NULL,
        expires_at = now() + ${deadlineMs}::int * interval '1 millisecond'
      WHERE tenant_id = ${tenantId} AND call_id = ${callId}::uuid AND state IN ('dispatched', 'unknown') RETURNING *
    )
    INSERT INTO sluice.remote_calls (tenant_id, call_id, provider, remote_id, phase, deadline_at, look_at, ended_at)
    SELECT tenant_id, call_id, provider, remote_id, 'running', expires_at, now() + ${lookInMs}::int * interval '1 millisecond',
      -- A webhook can be faster than this note.
      (SELECT max(e.received_at) FROM sluice.webhook_events e WHERE e.provider = h.provider AND e.remote_id = h.remote_id
        AND e.event_type <> ALL (${quietEvents}::text[]))
    FROM handed_over h
    ON CONFLICT (tenant_id, call_id) DO UPDATE SET remote_id = excluded.remote_id, deadline_at = excluded.deadline_at
    RETURNING deadline_at`.execute(kysely)
  return rows[0]?.deadlineAt ?? null
}

const quietEvents = ['parse.pending', 'parse.running']

export interface WantedCall {
  service: ServiceName
  /** What the names of the items begin with, before the first slash. */
  kind: string
  items: readonly string[]
  jobIds: readonly string[]
}

/**
 * The running remote call that is buying one of these items, or another of their kind for one of these jobs: it ends as it was routed. A job can have
 * several of different kinds.
 */
export async function findRemoteCall(
  { kysely }: Reader,
  tenantId: string,
  { service, kind, items, jobIds }: WantedCall,
): Promise<RemoteCall | null> {
  const { rows } = await sql<RemoteCallRow>`
    SELECT r.tenant_id, r.call_id, r.remote_id, r.submitted_at, r.deadline_at, r.deadline_at <= now() AS overdue, r.looks, r.ended_at,
      h.units, h.cost_nano_usd, h.shadow_nano_usd, h.provider, h.model, h.mode, h.simulated, h.reasons
    FROM (
      SELECT call_id FROM sluice.call_items WHERE tenant_id = ${tenantId} AND item_key = ANY(${[...items]}::text[])
      UNION SELECT e.call_id FROM sluice.ledger_entries e
      WHERE e.tenant_id = ${tenantId} AND e.job_id = ANY(${[...jobIds]}::uuid[]) AND e.kind = 'hold' AND EXISTS (
        SELECT FROM sluice.call_items c WHERE c.tenant_id = e.tenant_id AND c.call_id = e.call_id
          AND split_part(c.item_key, '/', 1) = ${kind})) i
    JOIN sluice.remote_calls r ON r.tenant_id = ${tenantId} AND r.call_id = i.call_id AND r.phase = 'running'
    JOIN sluice.holds h ON h.tenant_id = r.tenant_id AND h.call_id = r.call_id AND h.service = ${service} LIMIT 1`.execute(
    kysely,
  )
  return rows[0] ? toRemoteCall(rows[0]) : null
}

type RemoteCallRow = Omit<RemoteCall, 'quote' | 'provenance'> &
  Provenance & { units: bigint; costNanoUsd: bigint; shadowNanoUsd: bigint }

function toRemoteCall({
  units,
  costNanoUsd,
  shadowNanoUsd,
  provider,
  model,
  mode,
  simulated,
  reasons,
  ...call
}: RemoteCallRow) {
  const quote = { units: Number(units), costNanoUsd, shadowNanoUsd }
  return { ...call, quote, provenance: { provider, model, mode, simulated, reasons } }
}

/** The provider was not done after all: a word that it is, and that has come since then, stays. */
export async function awaitAgain({ kysely }: Reader, call: RemoteCall, lookInMs: number): Promise<void> {
  await sql`
    UPDATE sluice.remote_calls SET look_at = least(deadline_at, now() + ${lookInMs}::int * interval '1 millisecond'),
      ended_at = CASE WHEN ended_at IS NOT DISTINCT FROM ${call.endedAt}::timestamptz THEN NULL ELSE ended_at END
    WHERE tenant_id = ${call.tenantId} AND call_id = ${call.callId}::uuid AND phase = 'running'`.execute(kysely)
}

/** Nobody waits for these any more, but what they cost is not known; what they bought may be bought again. */
export async function startBilling({ kysely }: Reader, calls: readonly CallKey[]): Promise<void> {
  if (calls.length === 0) return
  await sql`
    WITH given AS (SELECT * FROM ${keys(calls)}), freed AS (
      DELETE FROM sluice.call_items i USING given WHERE i.tenant_id = given.tenant_id AND i.call_id = given.call_id
    )
    UPDATE sluice.remote_calls r SET phase = 'billing', looks = 0, look_at = now(), ended_at = coalesce(r.ended_at, now())
    FROM given WHERE r.tenant_id = given.tenant_id AND r.call_id = given.call_id AND r.phase = 'running'`.execute(
    kysely,
  )
}

/** Their holds have ended. */
export async function startRemoving({ kysely }: Reader, calls: readonly CallKey[]): Promise<void> {
  if (calls.length === 0) return
  await sql`
    UPDATE sluice.remote_calls r SET phase = 'removing', looks = 0, look_at = now()
    FROM ${keys(calls)} WHERE r.tenant_id = given.tenant_id AND r.call_id = given.call_id`.execute(kysely)
}

export async function forgetRemoteCall({ kysely }: Reader, { tenantId, callId }: CallKey): Promise<void> {
  await sql`DELETE FROM sluice.remote_calls WHERE tenant_id = ${tenantId} AND call_id = ${callId}::uuid`.execute(kysely)
}

/** Says that the provider is done with these jobs, as somebody told. Returns how many calls it concerns. */
export async function hintRemoteCalls(
  { kysely }: Reader,
  provider: string,
  remoteIds: readonly string[],
): Promise<number> {
  const { rows } = await sql`
    WITH told AS (
      SELECT tenant_id, call_id FROM sluice.remote_calls
      WHERE provider = ${provider} AND remote_id = ANY(${[...remoteIds]}::text[]) AND phase = 'running'
      ORDER BY tenant_id, call_id FOR UPDATE
    )
    UPDATE sluice.remote_calls r SET ended_at = now() FROM told
    WHERE r.tenant_id = told.tenant_id AND r.call_id = told.call_id RETURNING r.call_id`.execute(kysely)
  return rows.length
}

/** Says so of these calls. */
export async function markEnded({ kysely }: Reader, calls: readonly CallKey[]): Promise<void> {
  if (calls.length === 0) return
  await sql`
    UPDATE sluice.remote_calls r SET ended_at = coalesce(r.ended_at, now()) FROM ${keys(calls)}
    WHERE r.tenant_id = given.tenant_id AND r.call_id = given.call_id AND r.phase = 'running'`.execute(kysely)
}

/**
 * `ended`: calls whose provider is done, or that have passed their deadline, and for which a job waits: it is to be woken.
 * `anyRuns`: whether a provider works for us at all.
 */
export async function endedCalls({ kysely }: Reader): Promise<{ ended: CallKey[]; anyRuns: boolean }> {
  const { rows } = await sql<{ tenantId: string | null; callId: string | null }>`
    SELECT ended.tenant_id, ended.call_id FROM (SELECT FROM sluice.remote_calls WHERE phase = 'running' LIMIT 1) AS any_runs
    LEFT JOIN (SELECT r.tenant_id, r.call_id FROM sluice.remote_calls r
      WHERE r.phase = 'running' AND (r.ended_at IS NOT NULL OR r.deadline_at <= now()) AND EXISTS (
        SELECT FROM sluice.jobs j WHERE j.tenant_id = r.tenant_id AND j.awaited_call_id = r.call_id AND j.state = 'waiting')
      LIMIT 1000) AS ended ON true`.execute(kysely)
  const ended = rows.filter((row): row is CallKey => row.callId !== null)
  return { ended, anyRuns: rows.length > 0 }
}

/** A remote call at which it is time to look. `wanted`: a job of ours still needs its result. */
export interface DueCall extends CallKey {
  provider: string
  simulated: boolean
  model: string
  remoteId: string
  phase: 'running' | 'billing' | 'removing'
  looks: number
  ageMs: number
  wanted: boolean
}

/** Takes those that are due, so that no other process looks at them at the same time; if this one dies, they are due again in a minute. */
export async function takeDueCalls({ kysely }: Reader, except: readonly string[]): Promise<DueCall[]> {
  const { rows } = await sql<DueCall>`
    WITH due AS (
      SELECT r.tenant_id, r.call_id FROM sluice.remote_calls r WHERE r.look_at <= now()
        AND (r.phase <> 'running' OR r.ended_at IS NULL OR r.ended_at < now() - interval '1 minute')
        AND NOT EXISTS (SELECT FROM sluice.holds h WHERE h.tenant_id = r.tenant_id AND h.call_id = r.call_id
          AND r.provider || CASE WHEN h.simulated THEN ' (simulated)' ELSE '' END = ANY(${[...except]}::text[]))
      ORDER BY r.look_at LIMIT 500 FOR UPDATE OF r SKIP LOCKED
    ), taken AS (
      UPDATE sluice.remote_calls r SET look_at = now() + interval '1 minute', looks = r.looks + 1
      FROM due WHERE r.tenant_id = due.tenant_id AND r.call_id = due.call_id RETURNING r.*
    )
    SELECT t.tenant_id, t.call_id, t.provider, t.remote_id, t.phase, t.looks, h.simulated, h.model,
      (extract(epoch FROM now() - coalesce(t.ended_at, t.submitted_at)) * 1000)::float8 AS age_ms,
      EXISTS (SELECT FROM sluice.ledger_entries e JOIN sluice.jobs j ON j.tenant_id = e.tenant_id AND j.job_id = e.job_id
        WHERE e.call_id = t.call_id AND e.tenant_id || '' = t.tenant_id AND e.kind = 'hold' AND j.finished_at IS NULL)
        OR EXISTS (SELECT FROM sluice.jobs j WHERE j.tenant_id = t.tenant_id AND j.awaited_call_id = t.call_id AND j.state = 'waiting')
        AS wanted
    FROM taken t JOIN sluice.holds h ON h.tenant_id = t.tenant_id AND h.call_id = t.call_id`.execute(kysely)
  return rows
}

/** Looks at what a job waits for at once: it has been cancelled, and what is not done yet need not be paid. */
export async function lookNow({ kysely }: Reader, tenantId: string, jobId: string): Promise<void> {
  await sql`
    UPDATE sluice.remote_calls r SET look_at = now() FROM sluice.jobs j
    WHERE j.tenant_id = ${tenantId} AND j.job_id = ${jobId}::uuid AND r.tenant_id = j.tenant_id
      AND r.call_id = j.awaited_call_id AND r.phase = 'running'`.execute(kysely)
}

/** When to look at these again. */
export async function lookAgain({ kysely }: Reader, looks: readonly (CallKey & { inMs: number })[]): Promise<void> {
  if (looks.length === 0) return
  await sql`
    UPDATE sluice.remote_calls r SET look_at = least(now() + k.in_ms * interval '1 millisecond',
      CASE WHEN r.phase = 'running' AND r.deadline_at > now() THEN r.deadline_at ELSE 'infinity' END)
    FROM unnest(${looks.map(l => l.tenantId)}::text[], ${looks.map(l => l.callId)}::uuid[],
      ${looks.map(l => Math.round(l.inMs))}::float8[]) AS k(tenant_id, call_id, in_ms)
    WHERE r.tenant_id = k.tenant_id AND r.call_id = k.call_id`.execute(kysely)
}

function keys(calls: readonly CallKey[]): RawBuilder<unknown> {
  return sql`unnest(${calls.map(c => c.tenantId)}::text[], ${calls.map(c => c.callId)}::uuid[]) AS given(tenant_id, call_id)`
}
