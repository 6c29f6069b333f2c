import { z } from 'zod'
import { nanoUsdSchema } from './money.ts'
import { serviceNames } from './provenance.ts'
import { tenantShape } from './tenant.ts'

export const callStates = ['held', 'dispatched', 'settled', 'void', 'unknown'] as const

/** A call with a hold. `unknown`: it may have been charged, and nobody knows yet. */
export const callSchema = z.object({
  tenantId: z.string(),
  callId: z.uuid(),
  state: z.enum(callStates),
  service: z.enum(serviceNames),
  provider: z.string(),
  model: z.string(),
  simulated: z.boolean(),
  units: z.string().describe('pages or tokens, as quoted'),
  heldNanoUsd: nanoUsdSchema.describe('the quote'),
  heldShadowNanoUsd: nanoUsdSchema,
  heldAt: z.iso.datetime(),
  dispatchedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  documentIds: z.array(z.uuid()),
  note: z.string().nullable(),
})
export type Call = z.infer<typeof callSchema>

export const callListSchema = z.object({ calls: z.array(callSchema).describe('oldest first') })
export const callQuerySchema = z.object({
  state: z.enum(callStates).default('unknown'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  ...tenantShape,
})

/** What an operator has found on the provider's bill. */
export const resolutionSchema = z.strictObject({
  outcome: z.enum(['charged', 'not_charged']),
  costNanoUsd: nanoUsdSchema
    .regex(/^\d{1,18}$/)
    .optional()
    .describe('what was charged; the whole quote if not given'),
  reason: z.string().max(500).optional().describe('how that is known; it stays in the books'),
})
export type Resolution = z.infer<typeof resolutionSchema>
