import { z } from 'zod'
import { tenantIdSchema } from './api-key.ts'
import { budgetPeriods, budgetPolicies } from './budget-terms.ts'
import { nanoUsdSchema } from './money.ts'
import { serviceNames } from './provenance.ts'
import { timeZoneSchema } from './time-zone.ts'

export const budgetIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/, 'lower-case letters, digits, ".", "-" and "_", at most 63')
export const tagSchema = z.string().regex(/^[\w.:/-]{1,100}$/, 'letters, digits and . _ : / -, at most 100')

/** What a budget covers: all that is given must fit. Tenant `*`: all tenants together. */
const scopeShape = {
  tenantId: z.union([tenantIdSchema, z.literal('*')]).describe('* for all tenants together'),
  service: z.enum(serviceNames).nullable().default(null),
  provider: z.string().min(1).max(100).nullable().default(null),
  apiKeyId: z.uuid().nullable().default(null),
  tag: tagSchema.nullable().default(null),
}

/** A cap on what a scope may cost in each window of a period. */
export const budgetSettingsSchema = z.strictObject({
  ...scopeShape,
  budgetId: budgetIdSchema,
  money: z
    .enum(['real', 'shadow'])
    .default('real')
    .describe('shadow: what the real providers would have charged, so that mock mode rehearses the budget'),
  capNanoUsd: nanoUsdSchema.regex(/^\d{1,18}$/, 'at most 18 digits, not below 0'),
  period: z.enum(budgetPeriods),
  timeZone: timeZoneSchema.describe('where hours, days, weeks (from Monday) and months begin'),
  policy: z
    .enum(budgetPolicies)
    .default('defer')
    .describe(
      'what becomes of work that does not fit: it waits, fails, or goes to a free provider where the router has one',
    ),
  alertPercents: z.array(z.int().min(1).max(1000)).max(20).default([50, 80, 95, 100]),
})
export type BudgetSettings = z.output<typeof budgetSettingsSchema>

export const budgetOriginSchema = z.enum(['api', 'configuration'])
export type BudgetOrigin = z.infer<typeof budgetOriginSchema>

/** A budget with its present window. `leftNanoUsd` is what still can be held; below 0 after an overrun or a lowered cap. */
export const budgetViewSchema = budgetSettingsSchema.extend({
  origin: budgetOriginSchema,
  windowStart: z.iso.datetime().nullable().describe('null: since ever'),
  windowEnd: z.iso.datetime().nullable().describe('null: never'),
  heldNanoUsd: nanoUsdSchema,
  spentNanoUsd: nanoUsdSchema,
  leftNanoUsd: nanoUsdSchema,
  waitingJobs: z.int().describe('jobs that wait for money of this budget'),
  waitingNanoUsd: nanoUsdSchema.describe('what those need'),
})
export type BudgetView = z.infer<typeof budgetViewSchema>
export const budgetListSchema = z.object({ budgets: z.array(budgetViewSchema) })
