import { z } from 'zod'

/** One page of a parsed document. `pageNumber` is 1-based; a sheet or a slide is a page; a flowing text has one. */
export const parsedPageSchema = z.object({ pageNumber: z.int().min(1), markdown: z.string() })
export type ParsedPage = z.infer<typeof parsedPageSchema>
