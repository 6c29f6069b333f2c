import { sql } from 'kysely'
import type { Alert } from '../contract/alert.ts'
import { alertFacts } from '../contract/alert-kind.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** A row of sluice.alerts as kysely gives it. */
export interface AlertRow extends Omit<Alert, 'at' | 'recoveredAt' | 'severity'> {
  at: Date
  recoveredAt: Date | null
}

export function viewAlert({ alertId, at, tenantId, kind, subject, details, lasts, recoveredAt }: AlertRow): Alert {
  return {
    alertId,
    at: at.toISOString(),
    tenantId,
    kind,
    severity: alertFacts[kind].severity,
    subject,
    details,
    lasts,
    recoveredAt: recoveredAt?.toISOString() ?? null,
  }
}

export interface AlertWish {
  /** Null: those of all tenants. */
  tenantId: string | null
  /** Only those that last and are not over. */
  open: boolean
  limit: number
}

/** The newest alerts of a tenant and of what all share. */
export async function listAlerts(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  { tenantId, open, limit }: AlertWish,
): Promise<Alert[]> {
  const { rows } = await sql<AlertRow>`
    SELECT alert_id, at, tenant_id, kind, subject, details, lasts, recovered_at FROM sluice.alerts
    WHERE ${tenantId === null ? sql`true` : sql`tenant_id IN ('*', ${tenantId})`}
      ${open ? sql`AND lasts AND recovered_at IS NULL` : sql``}
    ORDER BY at DESC, kind, subject LIMIT ${limit}`.execute(kysely)
  return rows.map(viewAlert)
}

/** How many alerts of each kind last now. */
export async function countLasting({ kysely }: Pick<Session<Tables>, 'kysely'>): Promise<Map<string, number>> {
  const { rows } = await sql<{ kind: string; count: number }>`
    SELECT kind, count(*)::int AS count FROM sluice.alerts WHERE lasts AND recovered_at IS NULL GROUP BY kind`.execute(
    kysely,
  )
  return new Map(rows.map(row => [row.kind, row.count]))
}
