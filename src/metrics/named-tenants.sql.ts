import { type RawBuilder, sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** What stands for all that have no label of their own. */
export const others = 'other'

/** The tenants that are named in labels: the first ones, so that a tenant that is named stays so. */
export async function readNamedTenants({ kysely }: Pick<Session<Tables>, 'kysely'>, most: number): Promise<string[]> {
  if (most === 0) return []
  const { rows } = await sql<{ tenantId: string }>`
    SELECT tenant_id FROM sluice.tenants ORDER BY created_at, tenant_id COLLATE "C" LIMIT ${most}`.execute(kysely)
  return rows.map(row => row.tenantId)
}

/** A tenant's label; `other` for those who are not named. */
export function tenantLabel(column: RawBuilder<unknown>, named: readonly string[]): RawBuilder<string> {
  return sql`CASE WHEN ${column} = ANY (${[...named]}::text[]) THEN ${column} ELSE ${others}::text END`
}
