import { z } from 'zod'
import { modeSchema, serviceNames } from './provenance.ts'

/** One who could have taken the call: what was decided about it, and by which numbers. */
export const consideredSchema = z.object({
  provider: z.string(),
  model: z.string(),
  simulated: z.boolean(),
  verdict: z.enum(['chosen', 'not_wanted', 'unhealthy', 'limited', 'unaffordable', 'stuck']),
  why: z.string(),
})
export type Considered = z.infer<typeof consideredSchema>

/** Who takes a call, or why nobody does now; always with reasons, as sentences. */
export const routeDecisionSchema = z.object({
  service: z.enum(serviceNames),
  outcome: z.enum(['call', 'wait', 'refuse']),
  mode: modeSchema,
  policy: z.string().nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  provisional: z.boolean().describe('somebody better was wanted; it is done again once they can be had'),
  reasons: z.array(z.string()),
  considered: z.array(consideredSchema),
  until: z.iso.datetime().nullable().describe('when it is decided again, of `wait`'),
})
export type RouteDecision = z.infer<typeof routeDecisionSchema>

export const explanationSchema = z.object({
  jobId: z.uuid(),
  documentId: z.uuid(),
  fileName: z.string(),
  state: z.string(),
  sentences: z.array(z.string()).describe('what happened and what it waits for, oldest first'),
  decisions: z.array(
    routeDecisionSchema.extend({
      at: z.iso.datetime(),
      providerMs: z.number().nullable().describe('how long the provider took'),
      pages: z.string().nullable().describe('of which pages, if not of all'),
    }),
  ),
})
export type Explanation = z.infer<typeof explanationSchema>
