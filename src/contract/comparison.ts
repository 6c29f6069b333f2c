import { z } from 'zod'
import { stageSchema } from './job.ts'
import { nanoUsdSchema } from './money.ts'
import { provenanceSchema, vectorSpaceSchema } from './provenance.ts'

/** What one route made of a document, and what that took. */
export const comparedSideSchema = z.object({
  versionId: z.uuid(),
  jobId: z.uuid(),
  provenance: z.object({ parse: provenanceSchema, embed: vectorSpaceSchema }),
  pages: z.int(),
  characters: z.int(),
  tables: z.int(),
  chunks: z.int(),
  costNanoUsd: nanoUsdSchema,
  shadowNanoUsd: nanoUsdSchema.describe('what the real providers would have charged'),
  stages: z.array(
    z.object({
      stage: stageSchema,
      workMs: z.number().describe('while a worker had it'),
      waitedMs: z.number().describe('while it waited for a provider, money or a worker'),
      providerMs: z.number().nullable().describe('of that, the time of the provider; null where none was called'),
    }),
  ),
  reused: z.boolean().describe('the result was there already: its times say nothing'),
})
export type ComparedSide = z.infer<typeof comparedSideSchema>

/** Two versions of one document side by side. Shares are between 0 and 1. */
export const comparisonSchema = z.object({
  documentId: z.uuid(),
  fileName: z.string(),
  a: comparedSideSchema,
  b: comparedSideSchema,
  similarity: z.object({
    inOrder: z.number().describe('of the words of both, those that stand in the same order in both'),
    words: z.number().describe('of the words of both, those that both have, in whatever order'),
    pagesCompared: z.int(),
    pagesTooDifferent: z.int().describe('whose order was not compared: too much differs'),
  }),
  neighbours: z
    .object({ agreement: z.number(), chunksCompared: z.int(), k: z.int() })
    .nullable()
    .describe(
      'of the nearest chunks of each chunk, those that are its nearest in the other version too; null without vectors',
    ),
  mostDifferentPage: z
    .object({
      pageNumber: z.int(),
      similarity: z.number(),
      parts: z.array(z.object({ kind: z.enum(['both', 'a', 'b']), text: z.string() })),
    })
    .nullable(),
})
export type Comparison = z.infer<typeof comparisonSchema>
