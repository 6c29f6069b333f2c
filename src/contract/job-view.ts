import { z } from 'zod'
import { deferralReasons } from './deferral.ts'
import { jobStateSchema, stageSchema } from './job.ts'
import { nanoUsdSchema } from './money.ts'
import { pageQuerySchema } from './paging.ts'
import { tenantShape } from './tenant.ts'

const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  action: z.string().describe('what to do next'),
  cause: z.string().nullable(),
})

const deferralSchema = z.object({
  reason: z.enum(deferralReasons),
  message: z.string(),
  resumesAt: z.iso.datetime().nullable().describe('at the latest; null: as soon as something changes'),
  budget: z.object({ tenantId: z.string(), budgetId: z.string() }).nullable(),
  neededNanoUsd: nanoUsdSchema.nullable(),
  missingNanoUsd: nanoUsdSchema.nullable(),
})

/** A job as the API shows it. `failures` counts burnt attempts at this stage; `wakeAt` is when a parked job goes on. */
export const jobViewSchema = z.object({
  jobId: z.uuid(),
  documentId: z.uuid(),
  versionId: z.uuid(),
  fileName: z.string(),
  stage: stageSchema,
  state: jobStateSchema,
  failures: z.int(),
  error: errorSchema.nullable(),
  deferral: deferralSchema.nullable().describe('why a deferred job waits'),
  awaited: z
    .object({ callId: z.uuid(), message: z.string() })
    .nullable()
    .describe('which call of a provider a waiting job waits for'),
  priority: z.int(),
  dueAt: z.iso.datetime().nullable(),
  tags: z.array(z.string()),
  wakeAt: z.iso.datetime().nullable(),
  deadlineAt: z.iso.datetime().nullable(),
  correlationId: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
})
export type JobView = z.infer<typeof jobViewSchema>

export const jobEventSchema = z.object({
  at: z.iso.datetime(),
  stage: stageSchema,
  state: jobStateSchema,
  token: z.int(),
  reason: z.string(),
  error: errorSchema.nullable(),
})

export const jobDetailSchema = jobViewSchema.extend({ events: z.array(jobEventSchema).describe('oldest first') })
export type JobDetail = z.infer<typeof jobDetailSchema>

export const jobListQuerySchema = pageQuerySchema.extend({
  state: jobStateSchema.optional(),
  documentId: z.uuid().optional(),
  ...tenantShape,
})
