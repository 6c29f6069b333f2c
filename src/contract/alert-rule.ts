import { z } from 'zod'
import { type RuleId, ruleIds } from './alert-kind.ts'

export const ruleSettingsSchema = z.strictObject({
  isOn: z.boolean(),
  threshold: z.number().min(0).max(1e9).describe('above it there is something wrong'),
  forSeconds: z.int().min(0).max(604_800).describe('how long it must be so before the alert is raised'),
  recoverSeconds: z.int().min(0).max(604_800).describe('how long it must be well before the alert is over'),
  cooldownSeconds: z
    .int()
    .min(0)
    .max(604_800)
    .describe('how long after that no other alert of the same subject is raised'),
})
export type RuleSettings = z.output<typeof ruleSettingsSchema>

export const ruleViewSchema = ruleSettingsSchema.extend({
  ruleId: z.enum(ruleIds),
  unit: z.enum(['seconds', 'percent']).nullable().describe('of the threshold; null: the rule has none'),
  about: z.string(),
  isDefault: z.boolean(),
  lasting: z.int().describe('alerts that last now'),
})
export type RuleView = z.output<typeof ruleViewSchema>
export const ruleListSchema = z.object({ rules: z.array(ruleViewSchema) })

export interface Rule extends RuleSettings {
  unit: RuleView['unit']
  about: string
}

/** What each rule looks at, and when it alerts if nobody says something else. */
export const defaultRules: Readonly<Record<RuleId, Rule>> = {
  queue_age: {
    ...rule(600, 'seconds', { forSeconds: 60 }),
    about: 'How long a job has waited for a worker, by stage.',
  },
  error_rate: {
    ...rule(5, 'percent', { forSeconds: 120 }),
    about: 'How many of a tenant’s jobs that ended within the last 15 minutes failed; from 5 failures on.',
  },
  breaker_open: {
    ...rule(0, null, { forSeconds: 60, recoverSeconds: 30 }),
    about: 'Whether a provider fails so often that nothing is sent to it.',
  },
  forecast_above_cap: {
    ...rule(100, 'percent', { forSeconds: 1_800, recoverSeconds: 1_800, cooldownSeconds: 21_600 }),
    about: 'What a budget is likely to have spent at the end of its window, of its cap.',
  },
  webhook_silence: {
    ...rule(1_800, 'seconds', { forSeconds: 60 }),
    about: 'How long LlamaParse has sent no webhook while it works for us; where webhooks are set up.',
  },
  cost_drift: {
    ...rule(2, 'percent', { forSeconds: 0, recoverSeconds: 0, cooldownSeconds: 86_400 }),
    about: 'How far the reports of a provider were from the books of the last seven days.',
  },
  disk_full: {
    ...rule(90, 'percent', { forSeconds: 60, recoverSeconds: 60 }),
    about: 'How full the disk is that a process keeps its data on.',
  },
}

function rule(threshold: number, unit: Rule['unit'], times: Partial<RuleSettings>): Omit<Rule, 'about'> {
  return { isOn: true, threshold, unit, forSeconds: 60, recoverSeconds: 120, cooldownSeconds: 900, ...times }
}
