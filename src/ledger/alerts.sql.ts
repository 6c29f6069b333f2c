import { sql } from 'kysely'
import type { Alert, AlertKind } from '../contract/alert.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** The newest alerts of a tenant and of what all share; of all tenants if none is given. */
export async function listAlerts(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  tenantId: string | null,
  limit: number,
): Promise<Alert[]> {
  const { rows } = await sql<Omit<Alert, 'at'> & { at: Date }>`
    SELECT at, tenant_id, kind, subject, details FROM sluice.alerts
    ${tenantId === null ? sql`` : sql`WHERE tenant_id IN ('*', ${tenantId})`}
    ORDER BY at DESC, kind, subject LIMIT ${limit}`.execute(kysely)
  return rows.map(row => ({ ...row, at: row.at.toISOString() }))
}

/** Raises an alert, once for each kind and subject. */
export async function insertAlert(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  tenantId: string,
  kind: AlertKind,
  subject: string,
  details: Alert['details'],
): Promise<void> {
  await sql`
    INSERT INTO sluice.alerts (tenant_id, kind, subject, details)
    VALUES (${tenantId}, ${kind}, ${subject}, ${JSON.stringify(details)}::jsonb) ON CONFLICT DO NOTHING`.execute(kysely)
}
