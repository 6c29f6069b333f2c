import { z } from 'zod'
import { fileTypeNames } from './file-type.ts'
import { provenanceSchema, vectorSpaceSchema } from './provenance.ts'
import { isStorable, notStorable } from './storable.ts'

export const searchFiltersSchema = z
  .strictObject({
    documentIds: z.array(z.uuid()).max(1_000),
    fileTypes: z.array(z.enum(fileTypeNames)),
    createdAfter: z.iso.datetime({ offset: true }),
    createdBefore: z.iso.datetime({ offset: true }),
    metadata: z
      .record(z.string(), z.json())
      .refine(isStorable, notStorable)
      .describe('documents whose metadata contains all of this'),
  })
  .partial()
export type SearchFilters = z.infer<typeof searchFiltersSchema>

export const searchRequestSchema = z.strictObject({
  query: z.string().trim().min(1).max(8_000).refine(isStorable, notStorable),
  k: z.int().min(1).max(100).default(10),
  filters: searchFiltersSchema.default({}),
})
export type SearchRequest = z.infer<typeof searchRequestSchema>

export const searchHitSchema = z.object({
  documentId: z.uuid(),
  versionId: z.uuid(),
  fileName: z.string(),
  fileType: z.enum(fileTypeNames),
  metadata: z.record(z.string(), z.json()),
  ordinal: z.int(),
  pageNumber: z.int(),
  headingPath: z.array(z.string()),
  start: z.int().describe('offset into the markdown of the page, UTF-16 code units'),
  end: z.int(),
  text: z.string(),
  highlights: z
    .array(z.object({ start: z.int(), end: z.int() }))
    .describe('places in `text` that match words of the query'),
  score: z.number().describe('sum of the parts'),
  scoreParts: z.object({
    vector: z.object({ rank: z.int(), cosineSimilarity: z.number(), score: z.number() }).nullable(),
    fullText: z.object({ rank: z.int(), textRank: z.number(), score: z.number() }).nullable(),
  }),
  provenance: z.object({ parse: provenanceSchema, embed: vectorSpaceSchema }),
})
export type SearchHit = z.infer<typeof searchHitSchema>

export const searchResponseSchema = z.object({
  hits: z.array(searchHitSchema),
  method: z.enum(['hybrid', 'full_text']),
  degraded: z.string().nullable().describe('why vectors were not used, or not for all documents'),
  space: vectorSpaceSchema.nullable().describe('the vector space that was searched'),
  tookMs: z.number(),
})
export type SearchResponse = z.infer<typeof searchResponseSchema>
