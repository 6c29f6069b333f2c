import type { EventKind } from '../contract/event.ts'
import type { EventRange, EventRead, EventRow } from './events.sql.ts'
import { encodePosition, type Position } from './position.ts'
import { cutSnapshot, type Snapshot } from './snapshot.ts'

/** What is read at once, in the order in which it was written, and where its reader stands behind it. */
export interface Page {
  events: readonly PagedEvent[]
  to: Snapshot
  /** There is more than could be read at once. */
  isCut: boolean
}

export interface PagedEvent {
  tenantId: string
  kind: EventKind
  /** The event as server-sent event, with the position behind it as its id. */
  frame: string
}

const pageSize = 1_000
/** Pages are longer only by the transactions that they end with; an id that asks for more in the middle of one is not ours. */
const longestPage = 50_000

/** What has to be read for the page behind `position`, of what is seen in `until` (now, if null). */
export function rangeBehind(
  { seen, page }: Position,
  until: Snapshot | null,
): Pick<EventRange, 'seen' | 'until' | 'after' | 'limit'> {
  if (page !== null) return { seen, until: page.until, after: page.after, limit: longestPage }
  return { seen, until, after: 0n, limit: pageSize }
}

/** The page that was read for `range`. */
export function toPage(range: ReturnType<typeof rangeBehind>, { stream, present, rows }: EventRead): Page {
  const { seen, limit } = range
  const until = range.until ?? present
  const late = rows.filter(row => row.transactionId >= seen.end)
  const isCut = late.length >= limit
  const to = isCut ? cutSnapshot(until, greatest(late.map(row => row.transactionId))) : until
  const events = rows.map((row, i) => {
    const inside = { seen, page: { until: to, after: row.eventId } }
    const position = i === rows.length - 1 ? { seen: to, page: null } : inside
    return { tenantId: row.tenantId, kind: row.kind, frame: frameOf(row.kind, encodePosition(stream, position), row) }
  })
  return { events, to, isCut }
}

function frameOf(name: string, id: string, { transactionId: _, eventId, at, ...event }: EventRow): string {
  return frame(name, id, { eventId: eventId.toString(), at: at.toISOString(), ...event })
}

/** One server-sent event (HTML standard, 9.2.6). JSON has no line breaks outside of its strings, and none inside. */
export function frame(name: string, id: string, data: object): string {
  return `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`
}

function greatest(numbers: readonly bigint[]): bigint {
  return numbers.reduce((most, number) => (number > most ? number : most), 0n)
}
