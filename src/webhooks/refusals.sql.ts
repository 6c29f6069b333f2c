import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { RefusalReason } from '../contract/webhook.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** Deliveries that were refused for one reason within one minute. */
export interface Refusals {
  reason: RefusalReason
  /** `2026-11-23T23:41`, UTC. */
  minute: string
  count: number
  lastAt: Date
  lastAddress: string
}

const action = 'webhook.receive'

/** Adds to the count of the reason and minute, over all processes. */
export async function addRefusals({ kysely }: Reader, provider: string, refusals: Refusals): Promise<void> {
  const { reason, minute, count, lastAt, lastAddress } = refusals
  await sql`
    INSERT INTO sluice.audit_entries AS a (entry_id, at, actor, action, subject, outcome, count, details)
    VALUES (${`${action} ${provider} ${reason} ${minute}`}, ${lastAt}, 'unknown', ${action}, ${provider}, 'refused', ${count},
      ${JSON.stringify({ reason, lastAddress })}::jsonb)
    ON CONFLICT (tenant_id, entry_id) DO UPDATE SET count = a.count + excluded.count, at = greatest(a.at, excluded.at),
      details = CASE WHEN a.at > excluded.at THEN a.details ELSE excluded.details END`.execute(kysely)
}

/** What was refused in the last 24 hours, by reason. */
export async function readRefusals(
  { kysely }: Reader,
  provider: string,
): Promise<{ reason: RefusalReason; count: bigint; lastAt: Date; lastAddress: string }[]> {
  const { rows } = await sql<{ reason: RefusalReason; count: bigint; lastAt: Date; lastAddress: string }>`
    SELECT details->>'reason' AS reason, sum(count)::bigint AS count, max(at) AS last_at,
      (array_agg(details->>'lastAddress' ORDER BY at DESC))[1] AS last_address
    FROM sluice.audit_entries
    WHERE action = ${action} AND at > now() - interval '1 day' AND subject = ${provider} AND outcome = 'refused'
    GROUP BY 1 ORDER BY 1`.execute(kysely)
  return rows
}

/** Forgets refusals after 30 days; a sender who goes on for ever would fill the table otherwise. */
export async function pruneRefusals({ kysely }: Reader): Promise<void> {
  await sql`
    DELETE FROM sluice.audit_entries
    WHERE action = ${action} AND outcome = 'refused' AND at < now() - interval '30 days'`.execute(kysely)
}
