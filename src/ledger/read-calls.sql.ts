import { sql } from 'kysely'
import type { Call } from '../contract/call.ts'
import type { CallContext } from '../contract/metered-service.ts'
import type { Mode, ServiceName } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { CountedUsage } from './judge-doubt.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** Calls with a hold in a state, oldest first; of all tenants if none is given. Those that have not ended have an index of their own. */
export async function listCalls(
  { kysely }: Reader,
  tenantId: string | null,
  { state, limit }: { state: Call['state']; limit: number },
): Promise<Call[]> {
  const { rows } = await sql<CallRow>`
    SELECT h.tenant_id, h.call_id, h.state, h.service, h.provider, h.model, h.simulated, h.units, h.cost_nano_usd AS held_nano_usd,
      h.shadow_nano_usd AS held_shadow_nano_usd, h.held_at, h.dispatched_at, h.ended_at, h.note,
      ARRAY(SELECT DISTINCT e.document_id FROM sluice.ledger_entries e
        WHERE e.tenant_id = h.tenant_id AND e.call_id = h.call_id AND e.document_id IS NOT NULL) AS document_ids
    FROM sluice.holds h
    WHERE h.state = ${state} ${state === 'settled' || state === 'void' ? sql`` : sql`AND h.ended_at IS NULL`} ${tenantId === null ? sql`` : sql`AND h.tenant_id = ${tenantId}`}
    ORDER BY h.held_at, h.call_id LIMIT ${limit}`.execute(kysely)
  return rows.map(toCall)
}

type Changed = 'units' | 'heldNanoUsd' | 'heldShadowNanoUsd' | 'heldAt' | 'dispatchedAt' | 'endedAt'
interface CallRow extends Omit<Call, Changed> {
  units: bigint
  heldNanoUsd: bigint
  heldShadowNanoUsd: bigint
  heldAt: Date
  dispatchedAt: Date | null
  endedAt: Date | null
}

function toCall(row: CallRow): Call {
  return {
    ...row,
    units: String(row.units),
    heldNanoUsd: String(row.heldNanoUsd),
    heldShadowNanoUsd: String(row.heldShadowNanoUsd),
    heldAt: row.heldAt.toISOString(),
    dispatchedAt: row.dispatchedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}

/** What is needed to end a call whose process is gone. */
export interface CallToEnd {
  tenantId: string
  callId: string
  state: Call['state']
  service: ServiceName
  provenance: { provider: string; model: string; mode: Mode; simulated: boolean; reasons: string[] }
  purpose: CallContext['purpose']
  quoteId: string | null
  units: bigint
  costNanoUsd: bigint
  shadowNanoUsd: bigint
  dispatchedAt: Date | null
  shares: (CallContext['shares'][number] & { heldNanoUsd: bigint })[]
}

/** The call with the shares by which its quote was split; null when there is none. Locks it until the transaction ends. */
export async function readCallToEnd({ kysely }: Reader, callId: string): Promise<CallToEnd | null> {
  const { rows } = await sql<Omit<CallToEnd, 'provenance' | 'shares'> & CallToEnd['provenance']>`
    SELECT tenant_id, call_id, state, service, provider, model, mode, simulated, reasons, purpose, quote_id, units, cost_nano_usd,
      shadow_nano_usd, dispatched_at
    FROM sluice.holds WHERE call_id = ${callId}::uuid FOR UPDATE`.execute(kysely)
  const [row] = rows
  if (!row) return null
  const shares = await sql<CallToEnd['shares'][number]>`
    SELECT document_id, job_id, api_key_id, tags, held_nano_usd, held_shadow_nano_usd::float8 AS weight FROM sluice.ledger_entries
    WHERE tenant_id = ${row.tenantId} AND call_id = ${callId}::uuid AND kind = 'hold' ORDER BY entry_id`.execute(kysely)
  const { provider, model, mode, simulated, reasons, ...call } = row
  return { ...call, provenance: { provider, model, mode, simulated, reasons }, shares: shares.rows }
}

export interface Doubt {
  tenantId: string
  callId: string
  model: string
  units: bigint
  dispatchedAt: Date
}

/** Real calls to a provider that are in doubt, made before a time, oldest first; those on which it has spoken are left out. */
export async function readDoubts({ kysely }: Reader, provider: string, before: Date): Promise<Doubt[]> {
  const { rows } = await sql<Doubt>`
    SELECT tenant_id, call_id, model, units, dispatched_at FROM sluice.holds
    WHERE state = 'unknown' AND provider = ${provider} AND NOT simulated AND dispatched_at < ${before}::timestamptz
    ORDER BY dispatched_at LIMIT 100`.execute(kysely)
  return rows
}

/** Calls of a provider's model that we know of, and their units, by the time at which the calls were made. */
export async function readKnownUnits(
  { kysely }: Reader,
  { provider, model }: { provider: string; model: string },
  { from, to }: { from: Date; to: Date },
): Promise<CountedUsage> {
  const { rows } = await sql<CountedUsage>`
    SELECT coalesce(sum(units), 0)::bigint AS units, (count(DISTINCT call_id) FILTER (WHERE units > 0))::int AS calls
    FROM sluice.ledger_entries
    WHERE provider = ${provider} AND model = ${model} AND NOT simulated AND kind = 'settlement'
      AND booked_at >= ${from}::timestamptz AND booked_at < ${to}::timestamptz`.execute(kysely)
  return rows[0] ?? { units: 0n, calls: 0 }
}

/** Leaves a remark on a call in doubt, for the operator. */
export async function noteOnCall({ kysely }: Reader, tenantId: string, callId: string, note: string): Promise<void> {
  await sql`
    UPDATE sluice.holds SET note = ${note} WHERE tenant_id = ${tenantId} AND call_id = ${callId}::uuid AND state = 'unknown'`.execute(
    kysely,
  )
}

/** A call in doubt for which nobody waits any more: its work has been done without it, or given up. */
export interface ForsakenCall {
  tenantId: string
  callId: string
  provider: string
  simulated: boolean
  dispatchedAt: Date
}

/** Those of a service, the oldest first. */
export async function readForsakenCalls({ kysely }: Reader, service: ServiceName): Promise<ForsakenCall[]> {
  const { rows } = await sql<ForsakenCall>`
    SELECT h.tenant_id, h.call_id, h.provider, h.simulated, h.dispatched_at FROM sluice.holds h
    WHERE h.state = 'unknown' AND h.service = ${service} AND NOT EXISTS (
      SELECT FROM sluice.ledger_entries e JOIN sluice.jobs j ON j.tenant_id = e.tenant_id AND j.job_id = e.job_id
      WHERE e.call_id = h.call_id AND e.tenant_id || '' = h.tenant_id AND e.kind = 'hold' AND j.finished_at IS NULL)
    ORDER BY h.dispatched_at LIMIT 100`.execute(kysely)
  return rows
}
