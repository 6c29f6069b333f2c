import { sql } from 'kysely'
import type { Alert } from '../contract/alert.ts'
import type { AlertKind } from '../contract/alert-kind.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

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
