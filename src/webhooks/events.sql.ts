import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { Delivery } from './delivery.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** Stores the events that are not there yet and returns their ids. Sorted by id, since two processes may store the same ones at once. */
export async function insertEvents(
  { kysely }: Reader,
  provider: string,
  deliveries: readonly Delivery[],
): Promise<Set<string>> {
  const sorted = deliveries.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1))
  const { rows } = await sql<{ eventId: string }>`
    INSERT INTO sluice.webhook_events (provider, event_id, event_type, remote_id)
    SELECT ${provider}::text, e.* FROM unnest(${sorted.map(d => d.eventId)}::text[], ${sorted.map(d => d.eventType)}::text[],
      ${sorted.map(d => d.remoteId)}::text[]) AS e
    ON CONFLICT DO NOTHING RETURNING event_id`.execute(kysely)
  return new Set(rows.map(row => row.eventId))
}

/** Forgets events a week after they came; LlamaCloud repeats a delivery for seconds. */
export async function pruneWebhookEvents({ kysely }: Reader): Promise<void> {
  await sql`DELETE FROM sluice.webhook_events WHERE received_at < now() - interval '7 days'`.execute(kysely)
}

export async function hasEvent({ kysely }: Reader, provider: string, eventId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM sluice.webhook_events
    WHERE tenant_id = '*' AND provider = ${provider} AND event_id = ${eventId}`.execute(kysely)
  return rows.length > 0
}

export async function readLastEvent(
  { kysely }: Reader,
  provider: string,
): Promise<{ eventType: string; receivedAt: Date } | null> {
  const { rows } = await sql<{ eventType: string; receivedAt: Date }>`
    SELECT event_type, received_at FROM sluice.webhook_events
    WHERE provider = ${provider} ORDER BY received_at DESC LIMIT 1`.execute(kysely)
  return rows[0] ?? null
}
