import { sql } from 'kysely'
import type { Mode, ServiceName } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** A mode that was switched at run time. The tenant `*` stands for all that have none of their own. */
export interface SwitchedMode {
  tenantId: string
  service: ServiceName
  mode: Mode
  policy: string | null
  forced: boolean
  setBy: string
  reason: string | null
  updatedAt: Date
}

export async function readModes({ kysely }: Reader): Promise<SwitchedMode[]> {
  const { rows } = await sql<SwitchedMode>`
    SELECT tenant_id, service, mode, policy, forced, set_by, reason, updated_at FROM sluice.service_modes
    ORDER BY tenant_id, service`.execute(kysely)
  return rows
}

export async function setMode({ kysely }: Reader, mode: Omit<SwitchedMode, 'updatedAt'>): Promise<void> {
  await sql`
    INSERT INTO sluice.service_modes (tenant_id, service, mode, policy, forced, set_by, reason)
    VALUES (${mode.tenantId}, ${mode.service}, ${mode.mode}, ${mode.policy}, ${mode.forced}, ${mode.setBy}, ${mode.reason})
    ON CONFLICT (tenant_id, service) DO UPDATE SET mode = excluded.mode, policy = excluded.policy, forced = excluded.forced,
      set_by = excluded.set_by, reason = excluded.reason, updated_at = now()`.execute(kysely)
}

/** Whether there was one. */
export async function removeMode({ kysely }: Reader, tenantId: string, service: ServiceName): Promise<boolean> {
  const { rows } = await sql`
    DELETE FROM sluice.service_modes WHERE tenant_id = ${tenantId} AND service = ${service} RETURNING service`.execute(
    kysely,
  )
  return rows.length > 0
}
