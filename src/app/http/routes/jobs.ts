import { z } from 'zod'
import { AppError } from '../../../contract/failure.ts'
import { jobDetailSchema, jobListQuerySchema, jobViewSchema } from '../../../contract/job-view.ts'
import { pageSchema } from '../../../contract/paging.ts'
import { explanationSchema } from '../../../contract/route-decision.ts'
import { tenantQuerySchema } from '../../../contract/tenant.ts'
import { cancelJob, retryJob } from '../../../jobs/change-job.sql.ts'
import { listJobs, readJob } from '../../../jobs/read-jobs.sql.ts'
import { lookNow } from '../../../ledger/remote-calls.sql.ts'
import { explainJob } from '../../../router/explain.ts'
import { readDecisions } from '../../../router/route-log.sql.ts'
import type { Api } from '../api.ts'
import { tenantOf } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const idParams = z.object({ jobId: z.uuid() })
const tags = ['Jobs']

export function jobRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/jobs',
    {
      schema: {
        tags,
        summary: 'List jobs, newest first',
        querystring: jobListQuerySchema,
        response: { 200: pageSchema(jobViewSchema), ...failureAnswers },
      },
    },
    async request => await listJobs(api.database, await tenantOf(api, request), request.query),
  )
  scope.get(
    '/v1/jobs/:jobId',
    {
      schema: {
        tags,
        summary: 'A job with its events',
        params: idParams,
        querystring: tenantQuerySchema,
        response: { 200: jobDetailSchema, ...failureAnswers },
      },
    },
    async request => await readJob(api.database, await tenantOf(api, request), request.params.jobId),
  )
  scope.get(
    '/v1/jobs/:jobId/explanation',
    {
      schema: {
        tags,
        summary: 'By which route a job went and why, and what it waits for',
        params: idParams,
        querystring: tenantQuerySchema,
        response: { 200: explanationSchema, ...failureAnswers },
      },
    },
    async request => {
      const tenantId = await tenantOf(api, request)
      await api.router.log.flush()
      const job = await readJob(api.database, tenantId, request.params.jobId)
      const decisions = await readDecisions(api.database, tenantId, request.params.jobId)
      const { jobId, documentId, fileName, state } = job
      return { jobId, documentId, fileName, state, sentences: explainJob(job, decisions), decisions }
    },
  )
  scope.post(
    '/v1/jobs/:jobId/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel an unfinished job',
        params: idParams,
        querystring: tenantQuerySchema,
        response: { 200: jobDetailSchema, ...failureAnswers },
      },
    },
    async request => {
      const key = { tenantId: await tenantOf(api, request), jobId: request.params.jobId }
      const { state } = await readJob(api.database, key.tenantId, key.jobId)
      const changed = await api.database.transaction(async session => {
        await lookNow(session, key.tenantId, key.jobId)
        return await cancelJob(session, key)
      })
      if (!changed)
        throw new AppError(
          'job_state_conflict',
          `Job ${key.jobId} is ${state}; only an unfinished job can be cancelled.`,
        )
      return await readJob(api.database, key.tenantId, key.jobId)
    },
  )
  scope.post(
    '/v1/jobs/:jobId/retry',
    {
      schema: {
        tags,
        summary: 'Run a failed or cancelled job again',
        params: idParams,
        querystring: tenantQuerySchema,
        response: { 200: jobDetailSchema, ...failureAnswers },
      },
    },
    async request => {
      const key = { tenantId: await tenantOf(api, request), jobId: request.params.jobId }
      const { state } = await readJob(api.database, key.tenantId, key.jobId)
      const changed = await api.database.transaction(async session => {
        const job = await retryJob(session, key)
        if (job) await api.queue.send(session, job.stage, [key])
        return job
      })
      if (!changed)
        throw new AppError(
          'job_state_conflict',
          `Job ${key.jobId} is ${state}; only a failed or cancelled one can be retried.`,
        )
      api.queue.nudge(changed.stage)
      return await readJob(api.database, key.tenantId, key.jobId)
    },
  )
}
