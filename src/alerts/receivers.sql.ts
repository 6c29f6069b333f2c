import { sql } from 'kysely'
import type { CreatedReceiver, NewReceiver, Receiver, ReceiverChange } from '../contract/alert-receiver.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { Target } from './send.http.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

type ReceiverRow = Omit<Receiver, 'createdAt'> & { createdAt: Date }

/** A secret that was replaced still signs for this long. */
const overlap = sql`interval '24 hours'`

/** All of them, the oldest first, or one. */
export async function readReceivers({ kysely }: Writer, receiverId: string | null = null): Promise<Receiver[]> {
  const { rows } = await sql<ReceiverRow>`
    SELECT r.receiver_id, r.tenant_id, r.name, r.kind, r.address, r.alert_kinds, r.is_on, r.off_reason, r.created_at, d.pending, d.dead
    FROM sluice.alert_receivers r CROSS JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE state = 'pending'))::int AS pending, (count(*) FILTER (WHERE state = 'dead'))::int AS dead
      FROM sluice.alert_deliveries d WHERE d.tenant_id = r.tenant_id AND d.receiver_id = r.receiver_id) d
    WHERE ${receiverId === null ? sql`true` : sql`r.receiver_id = ${receiverId}::uuid`}
    ORDER BY r.created_at, r.receiver_id`.execute(kysely)
  return rows.map(({ createdAt, address, ...row }) => ({
    ...row,
    address: row.kind === 'slack' ? `https://${URL.parse(address)?.host}/…` : address,
    createdAt: createdAt.toISOString(),
  }))
}

/** Null when there is no such receiver. */
export async function readTarget(
  { kysely }: Writer,
  receiverId: string,
): Promise<(Target & { tenantId: string }) | null> {
  const { rows } = await sql<Target & { tenantId: string }>`
    SELECT tenant_id, kind, address, ${secretsOf} AS secrets FROM sluice.alert_receivers r
    WHERE receiver_id = ${receiverId}::uuid`.execute(kysely)
  return rows[0] ?? null
}

/** Those that sign now, the newest first. */
export const secretsOf = sql<
  string[]
>`array_remove(ARRAY[r.secret, CASE WHEN r.previous_until > now() THEN r.previous_secret END], NULL)`

export async function insertReceiver(
  { kysely }: Writer,
  { name, alertKinds, tenantId, kind, address }: NewReceiver,
  { receiverId, secret }: Pick<CreatedReceiver, 'receiverId' | 'secret'>,
): Promise<void> {
  await sql`
    INSERT INTO sluice.alert_receivers (tenant_id, receiver_id, name, kind, address, secret, alert_kinds)
    VALUES (${tenantId}, ${receiverId}, ${name}, ${kind}, ${address}, ${secret}, ${alertKinds && [...alertKinds]}::text[])`.execute(
    kysely,
  )
}

/** Switched on again, it forgets why it was switched off. */
export async function changeReceiver(
  { kysely }: Writer,
  receiverId: string,
  { name, alertKinds, isOn }: ReceiverChange,
): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sluice.alert_receivers SET name = coalesce(${name ?? null}, name),
      alert_kinds = CASE WHEN ${alertKinds === undefined} THEN alert_kinds ELSE ${alertKinds ? [...alertKinds] : null}::text[] END,
      is_on = coalesce(${isOn ?? null}, is_on), off_reason = CASE WHEN ${isOn ?? null} THEN NULL ELSE off_reason END
    WHERE receiver_id = ${receiverId}::uuid RETURNING 1`.execute(kysely)
  return rows.length > 0
}

export async function switchOff({ kysely }: Writer, receiverId: string, reason: string): Promise<void> {
  await sql`
    UPDATE sluice.alert_receivers SET is_on = false, off_reason = ${reason} WHERE receiver_id = ${receiverId}::uuid`.execute(
    kysely,
  )
}

/** The old secret signs too, for a day. False when there is no such webhook. */
export async function replaceSecret({ kysely }: Writer, receiverId: string, secret: string): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sluice.alert_receivers SET previous_secret = secret, previous_until = now() + ${overlap}, secret = ${secret}
    WHERE receiver_id = ${receiverId}::uuid AND kind = 'webhook' RETURNING 1`.execute(kysely)
  return rows.length > 0
}

/** With everything that it was to be told. */
export async function deleteReceiver({ kysely }: Writer, receiverId: string): Promise<boolean> {
  const { rows } = await sql`
    DELETE FROM sluice.alert_receivers WHERE receiver_id = ${receiverId}::uuid RETURNING 1`.execute(kysely)
  return rows.length > 0
}
