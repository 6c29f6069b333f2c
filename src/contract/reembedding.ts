import { z } from 'zod'
import { nanoUsdSchema } from './money.ts'
import { vectorSpaceSchema } from './provenance.ts'

export const reembeddingStates = ['running', 'succeeded', 'failed', 'cancelled'] as const

/** One of a tenant's spaces, and how many of the texts of its live documents have a vector there. */
export const spaceViewSchema = vectorSpaceSchema.extend({
  spaceId: z.string(),
  live: z.boolean().describe('the one that is searched'),
  usable: z
    .boolean()
    .describe('this server can embed in it: its provider is configured, and its mode is the present one'),
  vectors: z.int(),
  covered: z.int().describe('texts of live documents that have a vector in it'),
  texts: z.int().describe('different texts of live documents'),
  drift: z
    .object({ checkedAt: z.iso.datetime(), texts: z.int(), leastCosine: z.number() })
    .nullable()
    .describe('the last look whether the model still gives the same vectors'),
})
export type SpaceView = z.infer<typeof spaceViewSchema>
export const spaceListSchema = z.object({ spaces: z.array(spaceViewSchema) })

/** Into which space: by its name, or by model and size; what is left out is as configured. */
export const reembedTargetSchema = z
  .strictObject({
    spaceId: z.string().min(1).max(300),
    model: z.string().min(1).max(200),
    dimensions: z.int().min(1).max(16_000),
  })
  .partial()
  .refine(
    ({ spaceId, model, dimensions }) => spaceId === undefined || (model === undefined && dimensions === undefined),
    {
      error: 'give a space, or model and dimensions, not both',
    },
  )
export type ReembedTarget = z.infer<typeof reembedTargetSchema>

/** Texts that lack a vector in the space, and the most that embedding them costs. */
export const reembedQuoteSchema = z.object({
  space: vectorSpaceSchema.extend({ spaceId: z.string() }),
  from: z.string().nullable().describe('the space that is searched now'),
  texts: z.int(),
  tokens: z.int(),
  costNanoUsd: nanoUsdSchema,
  shadowNanoUsd: nanoUsdSchema,
})
export type ReembedQuote = z.infer<typeof reembedQuoteSchema>

export const reembedWishSchema = z.strictObject({
  target: reembedTargetSchema.default({}),
  maxCostNanoUsd: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .describe('refused when its quote is more than this'),
})

export const reembeddingViewSchema = z.object({
  reembeddingId: z.uuid(),
  spaceId: z.string(),
  fromSpaceId: z.string().nullable(),
  state: z.enum(reembeddingStates),
  quote: z.object({ texts: z.int(), tokens: z.int(), costNanoUsd: nanoUsdSchema, shadowNanoUsd: nanoUsdSchema }),
  embeddedTexts: z.int(),
  waitsFor: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
})
export type ReembeddingView = z.infer<typeof reembeddingViewSchema>
export const reembeddingListSchema = z.object({ reembeddings: z.array(reembeddingViewSchema) })
