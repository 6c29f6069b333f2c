import { sql } from 'kysely'
import type { Alert } from '../contract/alert.ts'
import type { RuleId } from '../contract/alert-kind.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { AlertState } from './next-state.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

export interface SubjectKey {
  tenantId: string
  ruleId: RuleId
  subject: string
}

export interface Watched extends SubjectKey, AlertState {
  /** Whether an alert of it lasts. */
  lasts: boolean
}

/** Takes the turn to look, until the transaction ends: false when somebody looked within `everyMs`, or looks now. */
export async function takeTurn({ kysely }: Writer, now: Date, everyMs: number): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO sluice.alert_turn (looked_at) VALUES (${now}::timestamptz)
    ON CONFLICT (only_row) DO UPDATE SET looked_at = excluded.looked_at
    WHERE sluice.alert_turn.looked_at <= excluded.looked_at - ${everyMs}::int * interval '1 millisecond'
    RETURNING looked_at`.execute(kysely)
  return rows.length > 0
}

/** Everything that rules remember, and every alert of theirs that lasts. */
export async function readWatched({ kysely }: Writer, ruleIds: readonly RuleId[]): Promise<Watched[]> {
  const { rows } = await sql<Watched>`
    SELECT coalesce(s.tenant_id, a.tenant_id) AS tenant_id, coalesce(s.rule_id, a.kind) AS rule_id, coalesce(s.subject, a.subject) AS subject,
      s.over_since, s.healthy_since, s.ended_at, a.alert_id IS NOT NULL AS lasts
    FROM (SELECT * FROM sluice.alert_states WHERE rule_id = ANY (${[...ruleIds]}::text[])) s
    FULL JOIN (SELECT * FROM sluice.alerts WHERE lasts AND recovered_at IS NULL AND kind = ANY (${[...ruleIds]}::text[])) a
      ON a.tenant_id = s.tenant_id AND a.kind = s.rule_id AND a.subject = s.subject`.execute(kysely)
  return rows
}

export async function saveState(
  { kysely }: Writer,
  { tenantId, ruleId, subject }: SubjectKey,
  { overSince, healthySince, endedAt }: AlertState,
): Promise<void> {
  await sql`
    INSERT INTO sluice.alert_states (tenant_id, rule_id, subject, over_since, healthy_since, ended_at)
    VALUES (${tenantId}, ${ruleId}, ${subject}, ${overSince}, ${healthySince}, ${endedAt})
    ON CONFLICT (tenant_id, rule_id, subject) DO UPDATE
    SET over_since = excluded.over_since, healthy_since = excluded.healthy_since, ended_at = excluded.ended_at`.execute(
    kysely,
  )
}

export async function forgetState({ kysely }: Writer, { tenantId, ruleId, subject }: SubjectKey): Promise<void> {
  await sql`
    DELETE FROM sluice.alert_states WHERE tenant_id = ${tenantId} AND rule_id = ${ruleId} AND subject = ${subject}`.execute(
    kysely,
  )
}

export async function raiseLasting(
  { kysely }: Writer,
  { tenantId, ruleId, subject }: SubjectKey,
  details: Alert['details'],
  now: Date,
): Promise<void> {
  await sql`
    INSERT INTO sluice.alerts (tenant_id, kind, subject, details, at, lasts)
    VALUES (${tenantId}, ${ruleId}, ${subject}, ${JSON.stringify(details)}::jsonb, ${now}, true)
    ON CONFLICT DO NOTHING`.execute(kysely)
}

export async function endLasting(
  { kysely }: Writer,
  { tenantId, ruleId, subject }: SubjectKey,
  now: Date,
): Promise<void> {
  await sql`
    UPDATE sluice.alerts SET recovered_at = ${now}
    WHERE tenant_id = ${tenantId} AND kind = ${ruleId} AND subject = ${subject} AND lasts AND recovered_at IS NULL`.execute(
    kysely,
  )
}
