import { z } from 'zod'

/** What was measured of a page while it was read on this machine: numbers only, never its text. Shares are between 0 and 1. */
export const pageTraitsSchema = z.object({
  pageNumber: z.int().min(1),
  characters: z.int(),
  tableShare: z.number().describe('of the characters, those in rows of tables'),
  tables: z.int().describe('tables that were found'),
  garbledShare: z
    .number()
    .describe('of the characters, those that no text has: unmapped glyphs, control and private-use characters'),
  picture: z.boolean().describe('it shows something, and has no text layer to speak of'),
  wasRead: z.enum(['text', 'ocr', 'not']).describe('how its text came about'),
})
export type PageTraits = z.infer<typeof pageTraitsSchema>
