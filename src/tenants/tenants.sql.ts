import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { TenantList } from '../contract/tenant.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** All tenants, by name. */
export async function listTenants({ kysely }: Reader): Promise<TenantList['tenants']> {
  const { rows } = await sql<{ tenantId: string; createdAt: Date }>`
    SELECT tenant_id, created_at FROM sluice.tenants ORDER BY tenant_id`.execute(kysely)
  return rows.map(row => ({ ...row, createdAt: row.createdAt.toISOString() }))
}

export async function isTenant({ kysely }: Reader, tenantId: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM sluice.tenants WHERE tenant_id = ${tenantId}`.execute(kysely)
  return rows.length > 0
}
