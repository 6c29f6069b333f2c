import { type RawBuilder, sql } from 'kysely'
import type { EventKind } from '../contract/event.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { StreamState } from './position.ts'
import { parseSnapshot, type Snapshot, snapshotText } from './snapshot.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface EventRow {
  transactionId: bigint
  eventId: bigint
  at: Date
  tenantId: string
  kind: EventKind
  jobId: string | null
  documentId: string | null
  callId: string | null
  data: unknown
}

/** Which events: `null` stands for all. */
export interface EventFilter {
  tenants: readonly string[] | null
  kinds: readonly EventKind[] | null
}

export interface EventRange extends EventFilter {
  seen: Snapshot
  /** What is seen now, if null. */
  until: Snapshot | null
  /** Only those with a higher number. */
  after: bigint
  limit: number
}

export interface EventRead extends StreamState {
  present: Snapshot
  /** In the order of their numbers. */
  rows: EventRow[]
}

/**
 * The stream's name is made of what tells one numbering of transactions from another: the row that does not survive a crash, the cluster,
 * and the database in it, of which a copy can be made.
 */
const streamName = sql`left(md5(concat_ws('/', m.stream_id, (SELECT system_identifier FROM pg_control_system()),
  (SELECT oid FROM pg_database WHERE datname = current_database()))), 8)`

/**
 * The events of transactions that are not in `seen` but in `until`: of those that ran then, all; of later ones the first `limit`, and the
 * rest of the last one's transaction. Null when the stream has to be begun. (Rows of a restored dump can be of transactions to come.)
 */
export async function readEvents({ kysely }: Reader, range: EventRange): Promise<EventRead | null> {
  const { seen, until, limit } = range
  const wanted = sql`e.event_id > ${range.after} ${filterSql(range)}
    ${until === null ? sql`` : sql`AND pg_visible_in_snapshot(e.transaction_id, ${snapshotText(until)}::pg_snapshot)`}`
  const { rows } = await sql<Partial<RawRow> & StateRow>`
    SELECT p.stream, p.forgotten_until, p.present, e.transaction_id::text, e.event_id, e.at, e.tenant_id, e.kind, e.job_id,
      e.document_id, e.call_id, e.data
    FROM (SELECT ${streamName} AS stream, m.forgotten_until::text, pg_current_snapshot()::text AS present
      FROM sluice.event_stream m) p
    LEFT JOIN (
      SELECT e.* FROM sluice.events e
      WHERE e.transaction_id = ANY (${seen.running.map(String)}::text[]::xid8[]) AND ${wanted}
      UNION ALL
      (SELECT e.* FROM sluice.events e
      WHERE e.transaction_id >= ${String(seen.end)}::text::xid8 AND e.transaction_id < pg_snapshot_xmax(pg_current_snapshot())
        AND ${wanted}
      ORDER BY e.transaction_id FETCH FIRST ${limit} ROWS WITH TIES)) e ON true
    ORDER BY e.event_id`.execute(kysely)
  const [first] = rows
  if (!first) return null
  return { ...toState(first), rows: rows.flatMap(row => (isEvent(row) ? [toEvent(row)] : [])) }
}

/** Where the stream stands, without reading events; null when it has to be begun. */
export async function readPresent({ kysely }: Reader): Promise<Omit<EventRead, 'rows'> | null> {
  const { rows } = await sql<StateRow>`
    SELECT ${streamName} AS stream, m.forgotten_until::text, pg_current_snapshot()::text AS present
    FROM sluice.event_stream m`.execute(kysely)
  return rows[0] ? toState(rows[0]) : null
}

/** Begins the stream of a new database, or anew after a crash, if nobody else has. */
export async function beginStream({ kysely }: Reader): Promise<void> {
  await sql`INSERT INTO sluice.event_stream DEFAULT VALUES ON CONFLICT DO NOTHING`.execute(kysely)
}

/** Forgets some of the oldest events: those older than `hours`, and all but the last `most`. Returns how many. */
export async function forgetOldest({ kysely }: Reader, hours: number, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    WITH oldest AS (
      SELECT transaction_id, event_id, at FROM sluice.events ORDER BY transaction_id, event_id LIMIT ${forgottenAtOnce}
    ), gone AS (
      DELETE FROM sluice.events e USING oldest o WHERE e.transaction_id = o.transaction_id AND e.event_id = o.event_id
        AND (o.at < now() - ${hours}::int * interval '1 hour' OR o.event_id <= (
          SELECT event_id FROM sluice.events ORDER BY transaction_id DESC, event_id DESC LIMIT 1) - ${most}::bigint)
      RETURNING e.transaction_id
    ), noted AS (
      UPDATE sluice.event_stream SET forgotten_until = greatest(forgotten_until, g.transaction_id)
      FROM (SELECT transaction_id FROM gone WHERE transaction_id < pg_snapshot_xmax(pg_current_snapshot())
        ORDER BY transaction_id DESC LIMIT 1) g
    )
    SELECT count(*)::int AS count FROM gone`.execute(kysely)
  return rows[0]?.count ?? 0
}

export const forgottenAtOnce = 5_000

interface StateRow {
  stream: string
  forgottenUntil: string
  present: string
}
interface RawRow extends Omit<EventRow, 'transactionId'> {
  transactionId: string
}

function filterSql({ tenants, kinds }: EventFilter): RawBuilder<unknown> {
  return sql`${tenants === null ? sql`` : sql`AND e.tenant_id = ANY (${[...tenants]}::text[])`}
    ${kinds === null ? sql`` : sql`AND e.kind = ANY (${[...kinds]}::text[])`}`
}

function toState({ stream, forgottenUntil, present }: StateRow) {
  return { stream, forgottenUntil: BigInt(forgottenUntil), present: parseSnapshot(present) }
}

/** Without any event there is one row, of the state alone. */
function isEvent(row: Partial<RawRow>): row is RawRow {
  return row.transactionId !== null && row.transactionId !== undefined
}

function toEvent({ transactionId, eventId, at, tenantId, kind, jobId, documentId, callId, data }: RawRow): EventRow {
  return { transactionId: BigInt(transactionId), eventId, at, tenantId, kind, jobId, documentId, callId, data }
}
