import { z } from 'zod'
import { tenantIdSchema } from './api-key.ts'
import { entryKinds } from './metered-service.ts'
import { nanoUsdSchema } from './money.ts'
import { unitOfOperation } from './price-list.ts'
import { modeSchema, serviceNames } from './provenance.ts'
import { timeZoneSchema } from './time-zone.ts'

/** What costs can be summed by. */
export const costKeys = ['day', 'service', 'purpose', 'provider', 'model', 'document', 'tag', 'tenant'] as const
export type CostKey = (typeof costKeys)[number]
const defaultBy = 'service,purpose,provider,model'

const byText = z
  .string()
  .default(defaultBy)
  .describe(
    `one or several of ${costKeys.join(', ')}, separated by commas; or call, for each single entry of the books`,
  )

/** Which costs are asked for. `by` is `call`, or what to sum by, in this order. */
export const costQuerySchema = z.object({
  by: byText.transform(readBy),
  from: timeOrDay('the first moment or day; the first of the month if not given'),
  to: timeOrDay('a time: up to it, without it; a day: with all of it; the end of the month if not given'),
  timeZone: timeZoneSchema.describe('where days and months begin: an IANA time zone'),
  tenant: z
    .union([tenantIdSchema, z.literal('*')])
    .optional()
    .describe('with an admin key: another tenant, or * for all; else your own'),
  document: z.uuid().optional().describe('only what this document cost'),
  format: z.enum(['json', 'csv']).optional().describe('csv also with Accept: text/csv; it holds all rows'),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  cursor: z.string().max(4_000).optional(),
})
export type CostQuery = z.output<typeof costQuerySchema>

const count = z.string().regex(/^-?\d+$/)
const amountShape = {
  costNanoUsd: nanoUsdSchema.describe('what was paid'),
  shadowNanoUsd: nanoUsdSchema.describe('what the real provider would have charged, or did'),
  heldNanoUsd: nanoUsdSchema.describe('quotes of calls that have not ended; those in doubt included'),
  avoidedNanoUsd: nanoUsdSchema.describe('what was not spent since the result was there already'),
  avoidedShadowNanoUsd: nanoUsdSchema.describe('what the real provider would not have been paid for that reason'),
}

/** Sums. A call that several rows share counts as one in each of them. `simulatedCalls` only imitated the provider. */
const costSumShape = {
  calls: z.int(),
  simulatedCalls: z.int(),
  units: z.object({ pages: count, tokens: count }),
  inDoubtNanoUsd: nanoUsdSchema.describe('the part of what is held of which nobody knows whether it was charged'),
  ...amountShape,
}
export const costTotalsSchema = z.object(costSumShape)
export type CostTotals = z.infer<typeof costTotalsSchema>

/** The keys that were asked for, and their sums. `documentId` is null for what belongs to no document (searches). */
export const costRowSchema = z.object({
  day: z.iso.date().optional(),
  service: z.enum(serviceNames).optional(),
  purpose: z.string().optional(),
  provider: z.string().optional(),
  model: z.string().optional(),
  documentId: z.uuid().nullable().optional(),
  fileName: z.string().nullable().optional().describe('null when the document has been deleted'),
  tag: z.string().optional().describe('empty: without a tag; what has several counts for each'),
  tenantId: z.string().optional(),
  ...costSumShape,
})
export type CostRow = z.infer<typeof costRowSchema>

/** One entry of the books: a document's part of one call. */
export const costEntrySchema = z.object({
  at: z.iso.datetime(),
  tenantId: z.string(),
  entryId: z.uuid(),
  callId: z.uuid(),
  kind: z.enum(entryKinds),
  service: z.enum(serviceNames),
  purpose: z.string(),
  provider: z.string(),
  model: z.string(),
  mode: modeSchema,
  simulated: z.boolean(),
  reasons: z.array(z.string()).describe('why the router chose this provider'),
  documentId: z.uuid().nullable(),
  fileName: z.string().nullable(),
  jobId: z.uuid().nullable(),
  tags: z.array(z.string()),
  bookedAt: z.iso.datetime().describe('when the call was quoted: the time that counts for periods and budgets'),
  note: z.string().nullable(),
  units: count,
  unit: z.enum(Object.values(unitOfOperation)),
  ...amountShape,
})
export type CostEntry = z.infer<typeof costEntrySchema>

const reportShape = {
  tenant: z.string().describe('* for all'),
  from: z.iso.datetime(),
  to: z.iso.datetime().describe('the first moment after'),
  timeZone: z.string(),
  totals: costTotalsSchema.describe('of everything asked for, not only of these rows'),
  nextCursor: z.string().nullable(),
}
const sumsSchema = z.object({
  kind: z.literal('sums'),
  by: z.array(z.enum(costKeys)),
  ...reportShape,
  rows: z.array(costRowSchema),
})
const callsSchema = z.object({
  kind: z.literal('calls'),
  ...reportShape,
  rows: z.array(costEntrySchema).describe('newest first'),
})
export const costReportSchema = z.discriminatedUnion('kind', [sumsSchema, callsSchema])
export type CostReport = z.infer<typeof costReportSchema>

function timeOrDay(about: string) {
  return z
    .union(
      [z.iso.date(), z.iso.datetime({ offset: true })],
      'a day like 2026-11-01 or a time like 2026-11-01T09:00:00Z',
    )
    .refine(text => text >= '1970' && text < '9000', 'a year from 1970 to 8999')
    .optional()
    .describe(about)
}

function readBy(text: string, context: z.RefinementCtx): 'call' | CostKey[] {
  if (text === 'call') return 'call'
  const keys: CostKey[] = []
  for (const name of text.split(',').map(part => part.trim())) {
    const key = costKeys.find(known => known === name)
    if (key === undefined) {
      context.addIssue(`"${name}" is none of ${costKeys.join(', ')} (or call, alone)`)
      return z.NEVER
    }
    if (!keys.includes(key)) keys.push(key)
  }
  return keys
}
