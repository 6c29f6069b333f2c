import { sql } from 'kysely'
import type { NanoUsd } from '../contract/money.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

export interface Drift {
  provider: string
  /** Of all adjustments together, without their signs. */
  driftNanoUsd: NanoUsd
  /** What our own calls of those days cost. */
  bookedNanoUsd: NanoUsd
}

/** How far the providers' reports on the last `days` were from the books, where they were. */
export async function readDrift({ kysely }: Pick<Session<Tables>, 'kysely'>, days: number): Promise<Drift[]> {
  const { rows } = await sql<Drift>`
    SELECT a.provider, sum(abs(a.cost_nano_usd))::bigint AS drift_nano_usd, coalesce((SELECT sum(e.cost_nano_usd)
      FROM sluice.ledger_entries e WHERE e.provider = a.provider AND NOT e.simulated AND e.kind IN ('settlement', 'overrun')
        AND e.booked_at > now() - ${days}::int * interval '1 day'), 0)::bigint AS booked_nano_usd
    FROM sluice.ledger_entries a
    WHERE a.tenant_id = '*' AND a.kind = 'adjustment' AND a.booked_at > now() - ${days}::int * interval '1 day'
    GROUP BY a.provider HAVING sum(abs(a.cost_nano_usd)) > 0`.execute(kysely)
  return rows
}
