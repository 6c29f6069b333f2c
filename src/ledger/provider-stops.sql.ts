import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

export interface ProviderStop {
  provider: string
  /** The failure that stopped it. */
  code: string
  message: string
  stoppedUntil: Date
}

const stopMs = 15 * 60_000

/** Stops a provider for all processes; after a quarter of an hour it is tried again. */
export async function stopProvider(
  { kysely }: Writer,
  { provider, code, message }: Omit<ProviderStop, 'stoppedUntil'>,
): Promise<Date> {
  const { rows } = await sql<{ stoppedUntil: Date }>`
    INSERT INTO sluice.provider_stops (provider, code, message, stopped_until)
    VALUES (${provider}, ${code}, ${message}, now() + ${stopMs}::int * interval '1 millisecond')
    ON CONFLICT (tenant_id, provider) DO UPDATE
      SET code = excluded.code, message = excluded.message, stopped_until = excluded.stopped_until
    RETURNING stopped_until`.execute(kysely)
  return rows[0]?.stoppedUntil ?? new Date()
}

/** Why a provider is not asked now; null when it is. */
export async function findStop({ kysely }: Writer, provider: string): Promise<ProviderStop | null> {
  const { rows } = await sql<ProviderStop>`
    SELECT provider, code, message, stopped_until FROM sluice.provider_stops
    WHERE tenant_id = '*' AND provider = ${provider} AND stopped_until > now()`.execute(kysely)
  return rows[0] ?? null
}

/** At a start, after which the key may be another one. */
export async function forgetStops({ kysely }: Writer): Promise<void> {
  await sql`DELETE FROM sluice.provider_stops`.execute(kysely)
}
