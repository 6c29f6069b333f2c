import { spanQuerySchema } from '../../../contract/overview.ts'
import { providerHealthListSchema } from '../../../contract/provider-health.ts'
import { providerHistorySchema } from '../../../contract/provider-history.ts'
import { providerLimitsSchema } from '../../../contract/provider-limits.ts'
import { viewProviderHistory } from '../../view-provider-history.ts'
import type { Api } from '../api.ts'
import { tenantSeen } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Routing']

export function providerRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/providers',
    {
      schema: {
        tags,
        summary: 'How each provider is',
        description: 'From the calls of all processes in the last minute; nothing is called to find out.',
        response: { 200: providerHealthListSchema, ...failureAnswers },
      },
    },
    async () => ({ providers: await api.router.health.list() }),
  )
  scope.get(
    '/v1/providers/history',
    {
      schema: {
        tags,
        summary: 'What each provider did in a span of time, real beside simulated',
        description:
          'Calls, documents and amounts are those of the books: of your tenant, with an admin key of all or of one. Faults and latencies were measured ' +
          'at the calls of all tenants; once they are an hour old they are kept by the hour (UTC), and an hour that the span only touches counts whole.',
        querystring: spanQuerySchema,
        response: { 200: providerHistorySchema, ...failureAnswers },
      },
    },
    async request => {
      await api.router.health.refresh()
      const { from, to } = request.query
      const scope = { tenantId: tenantSeen(request), from: new Date(from), to: new Date(to) }
      return { records: await viewProviderHistory(api.database, scope) }
    },
  )
  scope.get(
    '/v1/providers/limits',
    {
      schema: {
        tags,
        summary: 'How much room there is in the rate limits of providers',
        description:
          'As the limiters of all processes see it together; a limit is known once the provider has told it. Nothing is called to find out.',
        response: { 200: providerLimitsSchema, ...failureAnswers },
      },
    },
    async () => ({ accounts: await api.limits() }),
  )
}
