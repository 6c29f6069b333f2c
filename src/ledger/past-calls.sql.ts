import { sql } from 'kysely'
import type { NanoUsd } from '../contract/money.ts'
import type { ServiceName } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** A call of the books; of its shares those with the same key and tags are one. */
export interface PastCall {
  at: Date
  tenantId: string
  service: ServiceName
  provider: string
  model: string
  simulated: boolean
  shares: PastShare[]
}

export interface PastShare {
  apiKeyId: string | null
  tags: readonly string[]
  units: bigint
  costNanoUsd: NanoUsd
  shadowNanoUsd: NanoUsd
}

export interface PastScope {
  /** Null: of all tenants. */
  tenantId: string | null
  from: Date
  /** The first moment after. */
  to: Date
}

const entriesPerPage = 5_000

/**
 * The calls of a period in the order of `booked_at`, in pages; each page is one statement, so that nobody is kept waiting. It holds
 * one page of entries and one call. What is booked into the period meanwhile may be missed.
 */
export async function* readPastCalls(
  reader: Pick<Session<Tables>, 'kysely'>,
  scope: PastScope,
  pageSize = entriesPerPage,
): AsyncGenerator<PastCall[]> {
  let last: EntryRow | null = null
  let open: (PastCall & { callId: string }) | null = null
  for (;;) {
    const rows = await readPage(reader, scope, last, pageSize)
    const calls: PastCall[] = []
    for (const row of rows) {
      if (open?.callId !== row.callId || open.tenantId !== row.tenantId) {
        if (open) calls.push(open)
        open = { ...row, at: new Date(row.at), shares: [] }
      }
      addShare(open.shares, row)
    }
    last = rows.at(-1) ?? null
    const isEnd = rows.length < pageSize
    if (isEnd && open) calls.push(open)
    if (calls.length > 0) yield calls
    if (isEnd) return
  }
}

interface EntryRow extends PastShare, Omit<PastCall, 'at' | 'shares'> {
  /** With microseconds. */
  at: string
  callId: string
  entryId: string
}

async function readPage(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  { tenantId, from, to }: PastScope,
  after: EntryRow | null,
  limit: number,
): Promise<EntryRow[]> {
  const { rows } = await sql<EntryRow>`
    SELECT to_char(e.booked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, e.tenant_id, e.call_id, e.entry_id, e.service,
      e.provider, e.model, e.simulated, e.api_key_id, e.tags, e.units, e.cost_nano_usd, e.shadow_nano_usd
    FROM sluice.ledger_entries e
    WHERE e.kind IN ('settlement', 'overrun')
      AND e.booked_at >= ${after?.at ?? from.toISOString()}::timestamptz AND e.booked_at < ${to.toISOString()}::timestamptz
      ${tenantId === null ? sql`` : sql`AND e.tenant_id = ${tenantId}`}
      ${after ? sql`AND (e.booked_at, e.tenant_id, e.call_id, e.entry_id) > (${after.at}::timestamptz, ${after.tenantId}, ${after.callId}::uuid, ${after.entryId}::uuid)` : sql``}
    ORDER BY e.booked_at, e.tenant_id, e.call_id, e.entry_id LIMIT ${limit}`.execute(kysely)
  return rows
}

function addShare(shares: PastShare[], { apiKeyId, tags, units, costNanoUsd, shadowNanoUsd }: PastShare): void {
  const same = shares.find(share => share.apiKeyId === apiKeyId && share.tags.join() === tags.join())
  if (same) {
    same.units += units
    same.costNanoUsd += costNanoUsd
    same.shadowNanoUsd += shadowNanoUsd
  } else shares.push({ apiKeyId, tags, units, costNanoUsd, shadowNanoUsd })
}
