import { z } from 'zod'
import { nanoUsdSchema } from './money.ts'
import { unitOfOperation } from './price-list.ts'
import { serviceNames } from './provenance.ts'

const amountsSchema = z.object({
  costNanoUsd: nanoUsdSchema.describe('what was paid'),
  shadowNanoUsd: nanoUsdSchema.describe('what the real provider would have charged, or did'),
})

/** What one provider did for a service, real or simulated: counted in the books, and measured at its calls. */
export const providerRecordSchema = z.object({
  service: z.enum(serviceNames),
  provider: z.string(),
  simulated: z.boolean(),
  models: z.array(z.string()),
  calls: z.int().describe('in the books'),
  documents: z.int(),
  unit: z.enum(Object.values(unitOfOperation)),
  units: z.string(),
  total: amountsSchema,
  perDocument: amountsSchema.nullable().describe('of calls for documents; rounded to nano-dollars'),
  perUnits: amountsSchema.extend({ units: z.int().describe('1 page, or 1,000,000 tokens') }).nullable(),
  measured: z
    .object({
      calls: z.int(),
      faults: z.int().describe("the provider's own failures; a document that fails again within a minute counts once"),
      limited: z.int().describe('refused as too many'),
      retries: z.int(),
      answers: z.int().describe('calls whose latency was measured'),
      latencyMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable().describe('upper bounds'),
    })
    .nullable()
    .describe('of all tenants; null: no call of it was measured in the span'),
})
export type ProviderRecord = z.infer<typeof providerRecordSchema>
export const providerHistorySchema = z.object({ records: z.array(providerRecordSchema) })
