import { z } from 'zod'
import { nanoUsdSchema } from './money.ts'
import { serviceNames } from './provenance.ts'

export const reconcileWishSchema = z.strictObject({
  from: z.iso.date().optional().describe('first UTC day; 30 days ago if not given'),
  to: z.iso.date().optional().describe('last UTC day; today if not given'),
  book: z.boolean().default(false).describe('book the adjustments; else they are only shown'),
})
export type ReconcileWish = z.output<typeof reconcileWishSchema>

const amounts = z.object({ units: z.string(), costNanoUsd: nanoUsdSchema.nullable(), calls: z.int() })

/** One UTC day, provider, operation and model. */
const reconciliationRowSchema = z.object({
  day: z.iso.date(),
  provider: z.string(),
  operation: z.enum(serviceNames),
  model: z.string().nullable().describe('null: the provider does not name it, and all models are one row'),
  ours: amounts,
  theirs: amounts.nullable().describe('null: they report nothing'),
  bookedNanoUsd: nanoUsdSchema.describe('adjustments that were booked before'),
  driftNanoUsd: nanoUsdSchema.nullable().describe('theirs − ours − booked; null where they say nothing of money'),
  driftPpm: z.string().nullable().describe('drift in parts per million of ours'),
  verdict: z.enum(['equal', 'rounding', 'drift', 'not_reported', 'unknown_to_us']),
  settled: z.boolean().describe('the day is over for so long that the report on it is final'),
  adjustmentNanoUsd: nanoUsdSchema.nullable().describe('what is booked, or would be'),
})

export const reconciliationSchema = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  providers: z.array(z.string()).describe('those that were asked; none: no key for reports is configured'),
  booked: z.int().describe('how many adjustments were booked'),
  rows: z.array(reconciliationRowSchema),
})
export type Reconciliation = z.infer<typeof reconciliationSchema>
