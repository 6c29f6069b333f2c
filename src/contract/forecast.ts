import { z } from 'zod'
import { budgetSettingsSchema } from './budget.ts'
import { budgetPeriods } from './budget-terms.ts'
import { costQuerySchema } from './costs.ts'
import { nanoUsdSchema } from './money.ts'

export const forecastQuerySchema = z.object({
  timeZone: costQuerySchema.shape.timeZone.describe('whose present month is forecast: an IANA time zone'),
  tenant: costQuerySchema.shape.tenant,
})

/** What a window will have cost at its end if spending goes on as in the past. Amounts are null where nothing is known. */
export const windowForecastSchema = z.object({
  windowStart: z.iso.datetime(),
  windowEnd: z.iso.datetime().describe('the first moment after'),
  spentNanoUsd: nanoUsdSchema.describe('what the window has spent already'),
  expectedNanoUsd: nanoUsdSchema.nullable(),
  lowNanoUsd: nanoUsdSchema
    .nullable()
    .describe('with highNanoUsd the interval that should hold four times in five; null without past days'),
  highNanoUsd: nanoUsdSchema.nullable(),
  confidencePercent: z.literal(80),
  method: z.enum(['nothing known', 'rate of today', 'recent level', 'recent level and weekdays']),
  historyDays: z.int().describe('past days that it is based on, at most 182'),
})
export type WindowForecast = z.infer<typeof windowForecastSchema>

export const budgetForecastSchema = windowForecastSchema.extend({
  tenantId: budgetSettingsSchema.shape.tenantId,
  budgetId: budgetSettingsSchema.shape.budgetId,
  money: z.enum(['real', 'shadow']),
  capNanoUsd: nanoUsdSchema,
  period: z.enum(budgetPeriods),
  timeZone: z.string(),
  expectedExhaustionAt: z.iso
    .datetime()
    .nullable()
    .describe('when the cap will be reached; null: not in this window, or nothing is known'),
  exceedsCap: z.boolean().nullable().describe('more is expected than the cap allows; null: nothing is known'),
})
export type BudgetForecast = z.infer<typeof budgetForecastSchema>

/** Answer of `GET /v1/costs/forecast`: a tenant's month, and the present windows of the budgets that the caller sees. */
export const forecastReportSchema = z.object({
  at: z.iso.datetime(),
  tenant: z.string().describe('* for all'),
  timeZone: z.string(),
  real: windowForecastSchema.describe('what will be paid in the month'),
  shadow: windowForecastSchema.describe('what the real providers would charge for it'),
  budgets: z.array(budgetForecastSchema).describe('those with a window that ends'),
})
export type ForecastReport = z.infer<typeof forecastReportSchema>
