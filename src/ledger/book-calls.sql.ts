import { sql } from 'kysely'
import type { Booking, LedgerEntry } from '../contract/metered-service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { LostHold } from './change-hold.sql.ts'
import { startBilling, startRemoving } from './remote-calls.sql.ts'

/**
 * Books calls, in the transaction that stores what was paid for: ends their holds, moves the balances of budgets from held to
 * spent, and appends the entries. A hold that has been ended before is left alone, and nothing is booked twice; one whose cost the
 * provider has not said yet stays.
 */
export async function bookCalls(
  session: Session<Tables>,
  bookings: readonly Booking[],
  note: string | null = null,
): Promise<void> {
  const held = bookings.filter(booking => booking.held && booking.remote !== 'billing')
  const free = bookings.filter(booking => !booking.held)
  if (held.length > 0)
    await endHolds(
      session,
      held.map(booking => toEnding(booking, note)),
    )
  await appendEntries(session, free)
  await startBilling(
    session,
    bookings.filter(booking => booking.remote === 'billing'),
  )
  await startRemoving(
    session,
    bookings.filter(booking => booking.remote === 'settled'),
  )
}

/** Gives back the money of holds: of `void` ones, which were never dispatched, and of those that cost nothing. */
export async function releaseHolds(session: Session<Tables>, holds: readonly LostHold[], note: string): Promise<void> {
  if (holds.length === 0) return
  const endings = holds.map(hold => ({ ...keyOf(hold), state: hold.ending, note, entries: [] }))
  await endHolds(session, endings)
}

interface Ending {
  tenant_id: string
  call_id: string
  state: string
  note: string | null
  entries: object[]
}

async function endHolds({ kysely }: Session<Tables>, endings: readonly Ending[]): Promise<void> {
  await sql`SELECT sluice.end_holds(${JSON.stringify(endings)}::jsonb)`.execute(kysely)
}

function toEnding(booking: Booking, note: string | null): Ending {
  return { ...keyOf(booking), state: 'settled', note, entries: booking.entries.map(toEntry) }
}

function toEntry(entry: LedgerEntry) {
  return {
    entry_id: entry.entryId,
    kind: entry.kind,
    document_id: entry.documentId,
    job_id: entry.jobId,
    api_key_id: entry.apiKeyId,
    tags: entry.tags,
    units: entry.units.toString(),
    cost: entry.costNanoUsd.toString(),
    shadow: entry.shadowNanoUsd.toString(),
  }
}

async function appendEntries({ kysely }: Session<Tables>, bookings: readonly Booking[]): Promise<void> {
  const rows = bookings.flatMap(({ provenance, service, purpose, entries, ...booking }) =>
    entries.map(entry => ({ ...keyOf(booking), service, ...provenance, purpose, ...toEntry(entry) })),
  )
  if (rows.length === 0) return
  await sql`SELECT sluice.book_free(${JSON.stringify(rows)}::jsonb)`.execute(kysely)
}

function keyOf({ tenantId, callId }: { tenantId: string; callId: string }) {
  return { tenant_id: tenantId, call_id: callId }
}
