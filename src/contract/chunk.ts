import { z } from 'zod'

/**
 * A piece of one page. `text` is exactly `page.markdown.slice(start, end)` (UTF-16 code units). `headingPath` is the chain
 * of headings that the piece stands under, outermost first, its own heading last; it runs on over page ends.
 * `tokenCount` is exact under cl100k_base and never above the limit. `ordinal` counts from 0 over the document.
 */
export const chunkSchema = z.object({
  ordinal: z.int().min(0),
  pageNumber: z.int().min(1),
  start: z.int().min(0),
  end: z.int().min(1),
  headingPath: z.array(z.string()),
  text: z.string().min(1),
  tokenCount: z.int().min(1),
})
export type Chunk = z.infer<typeof chunkSchema>

export const chunkSettingsSchema = z
  .object({
    maxTokens: z.int().min(16).max(8192).default(512),
    overlapTokens: z.int().min(0).max(4096).default(0),
  })
  .refine(s => s.overlapTokens <= s.maxTokens / 2, { error: 'overlapTokens may be at most half of maxTokens' })
export type ChunkSettings = z.infer<typeof chunkSettingsSchema>
