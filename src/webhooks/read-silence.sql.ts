import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** For how long each provider that works for us has sent nothing: since its last webhook, or since the oldest job that it works on. */
export async function readSilence({
  kysely,
}: Pick<Session<Tables>, 'kysely'>): Promise<{ provider: string; seconds: number }[]> {
  const { rows } = await sql<{ provider: string; seconds: number }>`
    SELECT c.provider, extract(epoch FROM now() - greatest(min(c.submitted_at), (
      SELECT max(e.received_at) FROM sluice.webhook_events e WHERE e.provider = c.provider)))::float8 AS seconds
    FROM sluice.remote_calls c WHERE c.phase = 'running' GROUP BY c.provider`.execute(kysely)
  return rows
}
