import { z } from 'zod'
import { tagSchema } from './budget.ts'
import { fileTypeNames } from './file-type.ts'
import { nanoUsdSchema } from './money.ts'

/** From the least to the most that something can cost. Nano-dollars; `real` is what would be paid now, `shadow` at list prices. */
export const priceRangeSchema = z.object({
  units: z.object({ best: z.int(), worst: z.int() }).describe('pages or tokens that have to be bought'),
  real: z.object({ best: nanoUsdSchema, worst: nanoUsdSchema }),
  shadow: z.object({ best: nanoUsdSchema, worst: nanoUsdSchema }),
  /** What is there already and need not be bought. */
  known: z.object({ units: z.int(), realNanoUsd: nanoUsdSchema, shadowNanoUsd: nanoUsdSchema }),
})
export type PriceRange = z.infer<typeof priceRangeSchema>

/** What bringing one file in would cost; nothing was stored and nothing was sent to a paid provider. */
export const quoteSchema = z.object({
  fileName: z.string(),
  fileType: z.enum(fileTypeNames),
  byteCount: z.int(),
  documentId: z.uuid().nullable().describe('the document of the same bytes, if you have it: it costs nothing'),
  pages: z.int(),
  chunks: z.int(),
  parse: priceRangeSchema,
  embed: priceRangeSchema,
  exact: z.boolean().describe('false: another parser will read the file, so its text can be longer or shorter'),
})
export type FileQuote = z.infer<typeof quoteSchema>

const amounts = z.strictObject({ units: z.int().min(0), realNanoUsd: nanoUsdSchema, shadowNanoUsd: nanoUsdSchema })

/** Money to be held for an ingest before it begins. */
export const quoteHoldSchema = z.strictObject({
  parse: amounts,
  embed: amounts,
  tags: z.array(tagSchema).max(20).default([]),
})
export type QuoteHold = z.output<typeof quoteHoldSchema>
export const heldQuoteSchema = z.object({ quoteId: z.uuid(), expiresAt: z.iso.datetime() })
