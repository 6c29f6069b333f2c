import { callerSchema } from '../../../contract/caller.ts'
import { failureListSchema, overviewSchema, spanQuerySchema } from '../../../contract/overview.ts'
import { readFailures } from '../../../jobs/read-failures.sql.ts'
import { viewOverview } from '../../view-overview.ts'
import type { Api } from '../api.ts'
import { tenantOf } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Overview']

export function overviewRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/caller',
    { schema: { tags, summary: 'Whom your key stands for', response: { 200: callerSchema, ...failureAnswers } } },
    async ({ caller: { tenantId, role, keyId } }) => ({ tenantId, role, keyId }),
  )
  scope.get(
    '/v1/overview',
    {
      schema: {
        tags,
        summary: 'What a tenant has, what is at work and waits, and what ended in a span of time',
        querystring: spanQuerySchema,
        response: { 200: overviewSchema, ...failureAnswers },
      },
    },
    async request => await viewOverview(api.database, await tenantOf(api, request), toSpan(request.query)),
  )
  scope.get(
    '/v1/failures',
    {
      schema: {
        tags,
        summary: 'Jobs that failed, or failed and try again, grouped by code and cause',
        description: 'Those that changed last in the span. A job that succeeded in the end is not among them.',
        querystring: spanQuerySchema,
        response: { 200: failureListSchema, ...failureAnswers },
      },
    },
    async request => ({
      failures: await readFailures(api.database, await tenantOf(api, request), toSpan(request.query)),
    }),
  )
}

function toSpan({ from, to }: { from: string; to: string }): { from: Date; to: Date } {
  return { from: new Date(from), to: new Date(to) }
}
