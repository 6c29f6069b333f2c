import { z } from 'zod'

export const parseTiers = ['fast', 'cost_effective', 'agentic', 'agentic_plus'] as const
export const parseTierSchema = z.enum(parseTiers)
export type ParseTier = z.infer<typeof parseTierSchema>

/** How a document is to be parsed; what is left out is as the server is configured. */
export const parseOptionsSchema = z.strictObject({
  tier: parseTierSchema.optional().describe("LlamaParse's tier"),
  pages: z
    .string()
    .regex(/^[1-9]\d{0,5}(-[1-9]\d{0,5})?(,[1-9]\d{0,5}(-[1-9]\d{0,5})?)*$/, 'pages as in 1,3,5-8')
    .max(1000)
    .optional()
    .describe('only these, e.g. 1,3,5-8'),
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}([_-][A-Za-z]{2,10})?$/, 'a language code as in en'))
    .max(20)
    .optional()
    .describe('languages of text in pictures'),
  options: z
    .record(z.string(), z.json())
    .optional()
    .describe("further fields of LlamaParse's request, as its API has them"),
})
export type ParseOptions = z.infer<typeof parseOptionsSchema>
