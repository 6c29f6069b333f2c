import { sql } from 'kysely'
import type { CostEntry } from '../contract/costs.ts'
import { unitOfOperation } from '../contract/price-list.ts'
import type { Tables } from '../contract/tables.ts'
import { decodeCursor, encodeCursor } from '../platform/cursor.ts'
import type { Session } from '../platform/database.ts'
import { type CostScope, entriesIn } from './cost-scope.sql.ts'

/** Of so many entries at most, the newest are found by reading them all. */
const fewEntries = 20_000

/** The single entries of the books in scope, newest first. `entries`: how many that are, where it is known. */
export async function listEntries(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  scope: CostScope,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  entries = Number.POSITIVE_INFINITY,
): Promise<{ rows: CostEntry[]; nextCursor: string | null }> {
  const after = cursor === undefined ? null : decodeCursor(cursor)
  const { rows } = await sql<EntryRow>`
    SELECT e.at, e.tenant_id, e.entry_id, e.call_id, e.kind, e.service, e.purpose, e.provider, e.model, e.mode, e.simulated, e.reasons,
      e.document_id, d.file_name, e.job_id, e.tags, e.booked_at, e.note, e.units,
      e.cost_nano_usd, e.shadow_nano_usd, e.held_nano_usd, e.avoided_nano_usd, e.avoided_shadow_nano_usd,
      to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS cursor_at
    FROM (SELECT e.* ${entriesIn(scope)} ${after ? sql`AND (e.at, e.entry_id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql``}
      ORDER BY ${entries <= fewEntries ? sql`e.at + interval '0'` : sql`e.at`} DESC, e.entry_id DESC LIMIT ${limit + 1}) AS e
    LEFT JOIN sluice.documents d ON d.tenant_id = e.tenant_id AND d.document_id = e.document_id
    ORDER BY e.at DESC, e.entry_id DESC`.execute(kysely)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.map(toEntry),
    nextCursor: rows.length > limit && last ? encodeCursor({ at: last.cursorAt, id: last.entryId }) : null,
  }
}

type Amounts = 'costNanoUsd' | 'shadowNanoUsd' | 'heldNanoUsd' | 'avoidedNanoUsd' | 'avoidedShadowNanoUsd'
type Changed = 'at' | 'bookedAt' | 'unit' | 'units' | Amounts
interface EntryRow extends Omit<CostEntry, Changed>, Record<Amounts, bigint> {
  at: Date
  bookedAt: Date
  cursorAt: string
  units: bigint
}

function toEntry({ cursorAt: _, ...row }: EntryRow): CostEntry {
  return {
    ...row,
    at: row.at.toISOString(),
    bookedAt: row.bookedAt.toISOString(),
    unit: unitOfOperation[row.service],
    units: row.units.toString(),
    costNanoUsd: row.costNanoUsd.toString(),
    shadowNanoUsd: row.shadowNanoUsd.toString(),
    heldNanoUsd: row.heldNanoUsd.toString(),
    avoidedNanoUsd: row.avoidedNanoUsd.toString(),
    avoidedShadowNanoUsd: row.avoidedShadowNanoUsd.toString(),
  }
}
