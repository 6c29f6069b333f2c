import { z } from 'zod'
import { failureCodes } from './failure.ts'

/** An error as RFC 9457 problem+json. `code` is stable, `detail` says what happened, `action` what to do next. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(failureCodes),
  detail: z.string(),
  action: z.string(),
  correlationId: z.string().describe('find it in the server log'),
})
export type Problem = z.infer<typeof problemSchema>
