import { z } from 'zod'
import { budgetSettingsSchema } from './budget.ts'
import { budgetPeriods, budgetPolicies } from './budget-terms.ts'
import { costQuerySchema } from './costs.ts'
import { nanoUsdSchema } from './money.ts'
import { priceSchema } from './price-list.ts'

const { from, to, timeZone, tenant } = costQuerySchema.shape

const pricesSchema = z.strictObject({ prices: z.array(priceSchema).min(1).max(1_000) }).superRefine(refuseTwins)

/** What is to be replayed, and against what. Without budgets nothing limits the calls. */
export const simulationWishSchema = z.strictObject({
  budgets: z
    .array(z.union([z.string().max(1_000), budgetSettingsSchema]))
    .max(20)
    .default([])
    .describe('each as `PUT /v1/budgets` takes it with its names, or in words: "$5/day service=parse policy=defer"'),
  prices: pricesSchema
    .optional()
    .describe(
      'price list as SLUICE_PRICE_LIST has it; every call is priced by it alone, also the built-in prices do not count',
    ),
  from,
  to,
  timeZone: timeZone.describe('where days begin: an IANA time zone'),
  tenant,
})
export type SimulationWish = z.output<typeof simulationWishSchema>

const calls = z.int()

export const simulatedBudgetSchema = z.object({
  tenantId: z.string(),
  budgetId: z.string(),
  money: z.enum(['real', 'shadow']),
  capNanoUsd: nanoUsdSchema,
  period: z.enum(budgetPeriods),
  timeZone: z.string(),
  policy: z.enum(budgetPolicies),
  windowsExhausted: z.int().describe('windows into which some call did not fit'),
  firstExhaustedAt: z.iso.datetime().nullable(),
  mostUsedPercent: z.number().nullable().describe('of the fullest window; null for a cap of 0'),
  deferredCalls: calls.describe('calls that waited for it'),
  rejectedCalls: calls,
  fallbackCalls: calls,
  waitingCalls: calls.describe('those of the deferred that still wait at the end'),
  longestWaitSeconds: z.int().nullable().describe('to the end for those that still wait; null: none waited'),
  medianWaitSeconds: z.int().nullable(),
})
export type SimulatedBudget = z.infer<typeof simulatedBudgetSchema>

/** Answer of `POST /v1/costs/simulate`. Each call was admitted, still waits, was rejected, or went to the free provider. */
export const simulationSchema = z.object({
  tenant: z.string().describe('* for all'),
  from: z.iso.datetime(),
  to: z.iso.datetime().describe('the first moment after; not later than now'),
  timeZone: z.string(),
  prices: z.enum(['as booked', 'as given']),
  totals: z.object({
    calls,
    admittedCalls: calls,
    waitingCalls: calls,
    rejectedCalls: calls,
    fallbackCalls: calls,
    deferredCalls: calls.describe('calls that waited at all'),
    costNanoUsd: nanoUsdSchema.describe('of the admitted calls, under the replay'),
    shadowNanoUsd: nanoUsdSchema,
    bookedCostNanoUsd: nanoUsdSchema.describe('of all calls, in the books'),
    bookedShadowNanoUsd: nanoUsdSchema,
  }),
  budgets: z.array(simulatedBudgetSchema),
  days: z
    .array(
      z.object({
        day: z.iso.date(),
        costNanoUsd: nanoUsdSchema,
        shadowNanoUsd: nanoUsdSchema,
        deferredCalls: calls,
      }),
    )
    .describe('those on which something was spent or deferred'),
})
export type Simulation = z.infer<typeof simulationSchema>

/** Two prices of the same model that begin on the same day contradict each other. */
function refuseTwins({ prices }: { prices: z.output<typeof priceSchema>[] }, context: z.RefinementCtx): void {
  const places = new Map<string, number>()
  for (const [index, { provider, operation, model, effectiveFrom }] of prices.entries()) {
    const key = JSON.stringify([provider, operation, model, effectiveFrom])
    const earlier = places.get(key)
    places.set(key, index)
    if (earlier === undefined) continue
    const message = `entry ${earlier + 1} has the same effectiveFrom`
    context.addIssue({ code: 'custom', path: ['prices', index], message })
  }
}
