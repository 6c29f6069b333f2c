import { sql } from 'kysely'
import type { AuditEvent } from '../contract/routing.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from './database.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

/** Notes who did what, in the transaction that does it. */
export async function insertAuditEvent(
  { kysely }: Writer,
  { tenantId, actor, action, subject, details }: Omit<AuditEvent, 'eventId' | 'at'>,
): Promise<void> {
  await sql`
    INSERT INTO sluice.audit_events (tenant_id, actor, action, subject, details)
    VALUES (${tenantId}, ${actor}, ${action}, ${subject}, ${JSON.stringify(details)}::jsonb)`.execute(kysely)
}

/** The newest events of a tenant and of what all share; of all tenants if none is given. */
export async function listAuditEvents(
  { kysely }: Writer,
  tenantId: string | null,
  limit: number,
): Promise<AuditEvent[]> {
  const { rows } = await sql<Omit<AuditEvent, 'at' | 'eventId'> & { at: Date; eventId: bigint }>`
    SELECT event_id, at, tenant_id, actor, action, subject, details FROM sluice.audit_events
    ${tenantId === null ? sql`` : sql`WHERE tenant_id IN ('*', ${tenantId})`}
    ORDER BY at DESC, event_id DESC LIMIT ${limit}`.execute(kysely)
  return rows.map(row => ({ ...row, eventId: String(row.eventId), at: row.at.toISOString() }))
}
