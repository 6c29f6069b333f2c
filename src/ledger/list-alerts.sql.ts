import { sql } from 'kysely'
import type { Alert } from '../contract/alert.ts'
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
