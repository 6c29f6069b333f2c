import { z } from 'zod'
import { jobStateSchema, stageSchema } from './job.ts'
import { tenantShape } from './tenant.ts'

/** A span of time: `from` is in it, `to` is the first moment after. At most 400 days. */
export const spanQuerySchema = z
  .object({
    from: z.iso.datetime({ offset: true }).describe('the first moment'),
    to: z.iso.datetime({ offset: true }).describe('the first moment after'),
    ...tenantShape,
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), '`from` must be before `to`')
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= 400 * 86_400_000, 'at most 400 days')

/** What there is, what is at work or waits, and what came to an end in a span of time. */
export const overviewSchema = z.object({
  documents: z.int().describe('all of your documents'),
  provisionalDocuments: z.int().describe('whose live version stands in for something better'),
  unfinished: z.array(z.object({ stage: stageSchema, state: jobStateSchema, jobs: z.int() })),
  oldestQueuedAt: z.iso.datetime().nullable().describe('since when the job that waits longest for a worker waits'),
  ended: z.object({ succeeded: z.int(), failed: z.int(), cancelled: z.int() }).describe('jobs, in the span'),
  bucketSeconds: z.int(),
  buckets: z
    .array(
      z.object({
        start: z.iso.datetime(),
        succeeded: z.int(),
        failed: z.int(),
        medianSeconds: z.number().nullable().describe('from upload to end, of those that succeeded'),
      }),
    )
    .describe('every one of the span, oldest first'),
})
export type Overview = z.infer<typeof overviewSchema>

/** Failed attempts and failed jobs of one kind. */
export const failureGroupSchema = z.object({
  code: z.string(),
  cause: z.string().nullable(),
  message: z.string().describe('of the last one'),
  action: z.string().describe('what to do'),
  stages: z.array(stageSchema),
  failedJobs: z.int(),
  retryingJobs: z.int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  documents: z
    .array(z.object({ documentId: z.uuid(), jobId: z.uuid(), fileName: z.string() }))
    .describe('at most ten, newest first'),
})
export type FailureGroup = z.infer<typeof failureGroupSchema>
export const failureListSchema = z.object({ failures: z.array(failureGroupSchema).describe('the latest first') })
