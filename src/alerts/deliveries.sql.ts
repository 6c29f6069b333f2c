import { sql } from 'kysely'
import type { z } from 'zod'
import type { AlertDelivery, alertDeliveryQuerySchema } from '../contract/alert-receiver.ts'
import type { Tables } from '../contract/tables.ts'
import { type Cursor, decodeCursor, encodeCursor } from '../platform/cursor.ts'
import type { Session } from '../platform/database.ts'
import { type AlertRow, viewAlert } from './list-alerts.sql.ts'
import type { Notice } from './notice.ts'
import { secretsOf } from './receivers.sql.ts'
import type { Target } from './send.http.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

/** Claimed for this long; whoever dies meanwhile leaves it to the next. */
const claim = sql`interval '60 seconds'`
/** Of what people read, one message a minute. */
const quiet = sql`interval '60 seconds'`
const atOnce = 50

export interface DueDelivery extends Notice {
  tenantId: string
  receiverId: string
  attempts: number
  target: Target
}

interface DueRow extends AlertRow, Omit<Target, 'kind'> {
  noticeId: string
  event: Notice['event']
  receiverTenantId: string
  receiverId: string
  attempts: number
  targetKind: Target['kind']
}

/** Whether the time of any has come: asked each second, so it is a small question. */
export async function isAnyDue({ kysely }: Writer): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM sluice.alert_deliveries WHERE state = 'pending' AND next_at <= now() LIMIT 1`.execute(kysely)
  return rows.length > 0
}

/** Takes deliveries whose time has come, of receivers that are on and not quiet; nobody else takes them for a minute. */
export async function claimDue({ kysely }: Writer): Promise<DueDelivery[]> {
  const { rows } = await sql<DueRow>`
    WITH due AS (
      SELECT d.tenant_id, d.delivery_id FROM sluice.alert_deliveries d
      JOIN sluice.alert_receivers r ON r.tenant_id = d.tenant_id AND r.receiver_id = d.receiver_id
      WHERE d.state = 'pending' AND d.next_at <= now() AND (d.claimed_until IS NULL OR d.claimed_until < now())
        AND r.is_on AND (r.quiet_until IS NULL OR r.quiet_until <= now())
      ORDER BY d.next_at LIMIT ${atOnce} FOR UPDATE OF d SKIP LOCKED
    ), claimed AS (
      UPDATE sluice.alert_deliveries d SET claimed_until = now() + ${claim}, attempts = d.attempts + 1 FROM due
      WHERE d.tenant_id = due.tenant_id AND d.delivery_id = due.delivery_id RETURNING d.*
    ), hushed AS (
      UPDATE sluice.alert_receivers r SET quiet_until = now() + ${quiet} FROM claimed c
      WHERE r.tenant_id = c.tenant_id AND r.receiver_id = c.receiver_id AND r.kind <> 'webhook'
    )
    SELECT c.delivery_id AS notice_id, c.event, c.tenant_id AS receiver_tenant_id, c.receiver_id, c.attempts, r.kind AS target_kind, r.address,
      ${secretsOf} AS secrets, a.alert_id, a.at, a.tenant_id, a.kind, a.subject, a.details, a.lasts, a.recovered_at
    FROM claimed c JOIN sluice.alert_receivers r ON r.tenant_id = c.tenant_id AND r.receiver_id = c.receiver_id
    JOIN sluice.alerts a ON a.tenant_id = c.alert_tenant_id AND a.alert_id = c.alert_id
    ORDER BY c.created_at, c.delivery_id`.execute(kysely)
  return rows.map(row => ({
    noticeId: row.noticeId,
    event: row.event,
    tenantId: row.receiverTenantId,
    receiverId: row.receiverId,
    attempts: row.attempts,
    target: { kind: row.targetKind, address: row.address, secrets: row.secrets },
    alert: viewAlert(row),
  }))
}

export interface Attempted {
  status: number | null
  failure: string | null
  state: AlertDelivery['state']
  /** When it is still pending. */
  inMs: number
}

/** Notes what became of an attempt. */
export async function noteAttempt(
  { kysely }: Writer,
  { tenantId, noticeId }: Pick<DueDelivery, 'tenantId' | 'noticeId'>,
  { status, failure, state, inMs }: Attempted,
): Promise<void> {
  await sql`
    UPDATE sluice.alert_deliveries SET state = ${state}, last_status = ${status}, last_failure = ${failure}, claimed_until = NULL,
      next_at = now() + ${inMs}::float8 * interval '1 millisecond', ended_at = CASE WHEN ${state !== 'pending'} THEN now() END
    WHERE tenant_id = ${tenantId} AND delivery_id = ${noticeId}::uuid`.execute(kysely)
}

type DeliveryRow = Omit<AlertDelivery, 'createdAt' | 'endedAt' | 'nextAt'> & {
  createdAt: Date
  endedAt: Date | null
  nextAt: Date
  cursorAt: string
}

/** Newest first. */
export async function listDeliveries(
  { kysely }: Writer,
  { state, receiverId, limit, cursor }: z.output<typeof alertDeliveryQuerySchema>,
): Promise<{ items: AlertDelivery[]; nextCursor: string | null }> {
  const after: Cursor | null = cursor === undefined ? null : decodeCursor(cursor)
  const { rows } = await sql<DeliveryRow>`
    SELECT d.delivery_id, d.receiver_id, r.name AS receiver_name, d.alert_id, a.kind, a.subject, d.event, d.state, d.attempts, d.next_at,
      d.last_status, d.last_failure, d.created_at, d.ended_at,
      to_char(d.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS cursor_at
    FROM sluice.alert_deliveries d JOIN sluice.alert_receivers r ON r.tenant_id = d.tenant_id AND r.receiver_id = d.receiver_id
    JOIN sluice.alerts a ON a.tenant_id = d.alert_tenant_id AND a.alert_id = d.alert_id
    WHERE ${state === undefined ? sql`true` : sql`d.state = ${state}`}
      ${receiverId === undefined ? sql`` : sql`AND d.receiver_id = ${receiverId}::uuid`}
      ${after === null ? sql`` : sql`AND (d.created_at, d.delivery_id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    ORDER BY d.created_at DESC, d.delivery_id DESC LIMIT ${limit + 1}`.execute(kysely)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const nextCursor = rows.length > limit && last ? encodeCursor({ at: last.cursorAt, id: last.deliveryId }) : null
  return { items: page.map(viewDelivery), nextCursor }
}

function viewDelivery({ cursorAt: _, createdAt, endedAt, nextAt, ...row }: DeliveryRow): AlertDelivery {
  return {
    ...row,
    nextAt: row.state === 'pending' ? nextAt.toISOString() : null,
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }
}

/** Tries again from the beginning what was given up or delivered: one, or all that a receiver was not told. Returns how many. */
export async function replay(
  { kysely }: Writer,
  which: { deliveryId: string } | { receiverId: string },
): Promise<number> {
  const { rows } = await sql`
    UPDATE sluice.alert_deliveries SET state = 'pending', attempts = 0, next_at = now(), claimed_until = NULL, ended_at = NULL
    WHERE ${
      'deliveryId' in which
        ? sql`delivery_id = ${which.deliveryId}::uuid`
        : sql`receiver_id = ${which.receiverId}::uuid AND state = 'dead'`
    } RETURNING 1`.execute(kysely)
  return rows.length
}

/** Deliveries that ended so long ago, and alerts that are over and that nobody has still to be told of. */
export async function forgetOld({ kysely }: Writer, days: number): Promise<void> {
  await sql`
    DELETE FROM sluice.alert_deliveries WHERE ended_at < now() - ${days}::int * interval '1 day'`.execute(kysely)
}
