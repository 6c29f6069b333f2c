import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

/** Marks that a held call is being made. False when the hold is no longer this owner's. */
export async function dispatchHold(
  { kysely }: Writer,
  tenantId: string,
  callId: string,
  owner: string,
): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sluice.holds SET state = 'dispatched', dispatched_at = now()
    WHERE tenant_id = ${tenantId} AND call_id = ${callId}::uuid AND state = 'held' AND owner = ${owner}::uuid
    RETURNING call_id`.execute(kysely)
  return rows.length > 0
}

/** Says that nobody knows what became of a call: its hold stays, without an owner, and operators are told. */
export async function markHoldUnknown(
  { kysely }: Writer,
  tenantId: string,
  callId: string,
  note: string,
): Promise<void> {
  await sql`
    WITH doubtful AS (
      UPDATE sluice.holds SET state = 'unknown', owner = NULL, note = ${note}
      WHERE tenant_id = ${tenantId} AND call_id = ${callId}::uuid AND state = 'dispatched' RETURNING *
    )
    ${raiseDoubts}`.execute(kysely)
}

/** When a call that has not ended was dispatched. */
export async function readDispatchedAt({ kysely }: Writer, tenantId: string, callId: string): Promise<Date | null> {
  const { rows } = await sql<{ dispatchedAt: Date | null }>`
    SELECT dispatched_at FROM sluice.holds
    WHERE tenant_id = ${tenantId} AND call_id = ${callId}::uuid AND ended_at IS NULL`.execute(kysely)
  return rows[0]?.dispatchedAt ?? null
}

export interface LostHold {
  tenantId: string
  callId: string
  ending: 'void' | 'settled'
}

/**
 * Ends what nobody owns any more: calls of dead processes that were never made give their money back, those that were may have
 * been charged and are in doubt (but for those of which the provider's job is known); quotes that have run out, or whose work is done, are given back. Returns those to be ended: `void`
 * what was not dispatched, at nothing what was dispatched for nothing.
 */
export async function sweepHolds({ kysely }: Session<Tables>): Promise<LostHold[]> {
  const { rows } = await sql<LostHold>`
    WITH lost AS (
      SELECT h.tenant_id, h.call_id, h.state, h.cost_nano_usd FROM sluice.holds h
      WHERE h.ended_at IS NULL AND h.state IN ('held', 'dispatched') AND h.remote_id IS NULL AND (
        (h.owner IS NOT NULL AND NOT EXISTS (SELECT FROM sluice.workers w WHERE w.worker_id = h.owner))
        OR h.expires_at < now() OR (h.expires_at IS NOT NULL AND ${quoteIsUsedUp})
        OR (h.state = 'dispatched' AND h.dispatched_at < now() - interval '2 hours'))
      ORDER BY h.tenant_id, h.call_id LIMIT 500 FOR UPDATE OF h SKIP LOCKED
    ), doubtful AS (
      UPDATE sluice.holds h SET state = 'unknown', owner = NULL, note = 'the process that made the call died before the answer was stored'
      FROM lost WHERE h.tenant_id = lost.tenant_id AND h.call_id = lost.call_id AND lost.state = 'dispatched'
        AND lost.cost_nano_usd > 0 RETURNING h.*
    ), told AS (${raiseDoubts})
    SELECT tenant_id, call_id, CASE state WHEN 'held' THEN 'void' ELSE 'settled' END AS ending
    FROM lost WHERE state = 'held' OR cost_nano_usd = 0`.execute(kysely)
  return rows
}

/** All jobs of the quote have ended, and it has been so for a minute: more files of the same upload would have come by now. */
const quoteIsUsedUp = sql`(SELECT coalesce(max(coalesce(j.finished_at, 'infinity')), 'infinity') FROM sluice.jobs j
          WHERE j.tenant_id = h.tenant_id AND j.quote_id = h.quote_id) < now() - interval '1 minute'`

/** Gives back what is left of a quote; the calls that were made of it keep theirs. */
export async function openQuoteHolds(
  { kysely }: Session<Tables>,
  tenantId: string,
  quoteId: string,
): Promise<LostHold[]> {
  const { rows } = await sql<LostHold>`
    SELECT tenant_id, call_id, 'void' AS ending FROM sluice.holds
    WHERE tenant_id = ${tenantId} AND quote_id = ${quoteId}::uuid AND expires_at IS NOT NULL AND state = 'held'
    ORDER BY call_id FOR UPDATE`.execute(kysely)
  return rows
}

const raiseDoubts = sql`
  INSERT INTO sluice.alerts (tenant_id, kind, subject, details)
  SELECT tenant_id, 'call_in_doubt', call_id::text, jsonb_build_object('callId', call_id, 'service', service, 'provider', provider,
    'heldNanoUsd', cost_nano_usd::text) FROM doubtful ON CONFLICT DO NOTHING`
