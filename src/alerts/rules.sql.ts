import { sql } from 'kysely'
import { type RuleId, ruleIds } from '../contract/alert-kind.ts'
import { defaultRules, type Rule, type RuleSettings } from '../contract/alert-rule.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

export interface RuleInForce extends Rule {
  isDefault: boolean
}

/** Every rule, as it was set or by default. */
export async function readRules({ kysely }: Writer): Promise<Record<RuleId, RuleInForce>> {
  const { rows } = await sql<RuleSettings & { ruleId: string }>`
    SELECT rule_id, is_on, threshold, for_seconds, recover_seconds, cooldown_seconds FROM sluice.alert_rules
    WHERE tenant_id = '*'`.execute(kysely)
  const set = new Map(rows.map(({ ruleId, ...settings }) => [ruleId, settings]))
  const entries = ruleIds.map(ruleId => [
    ruleId,
    { ...defaultRules[ruleId], ...set.get(ruleId), isDefault: !set.has(ruleId) },
  ])
  return Object.fromEntries(entries) as Record<RuleId, RuleInForce>
}

export async function setRule({ kysely }: Writer, ruleId: RuleId, settings: RuleSettings): Promise<void> {
  const { isOn, threshold, forSeconds, recoverSeconds, cooldownSeconds } = settings
  await sql`
    INSERT INTO sluice.alert_rules (rule_id, is_on, threshold, for_seconds, recover_seconds, cooldown_seconds)
    VALUES (${ruleId}, ${isOn}, ${threshold}, ${forSeconds}, ${recoverSeconds}, ${cooldownSeconds})
    ON CONFLICT (tenant_id, rule_id) DO UPDATE SET is_on = excluded.is_on, threshold = excluded.threshold,
      for_seconds = excluded.for_seconds, recover_seconds = excluded.recover_seconds, cooldown_seconds = excluded.cooldown_seconds`.execute(
    kysely,
  )
}

/** Back to its defaults. */
export async function resetRule({ kysely }: Writer, ruleId: RuleId): Promise<void> {
  await sql`DELETE FROM sluice.alert_rules WHERE tenant_id = '*' AND rule_id = ${ruleId}`.execute(kysely)
}
