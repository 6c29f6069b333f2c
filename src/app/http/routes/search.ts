import { searchRequestSchema, searchResponseSchema } from '../../../contract/search.ts'
import { tenantQuerySchema } from '../../../contract/tenant.ts'
import type { Api } from '../api.ts'
import { tenantOf } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function searchRoutes(scope: RouteScope, api: Api): void {
  scope.post(
    '/v1/search',
    {
      schema: {
        tags: ['Search'],
        summary: 'Search the live versions by meaning and by words',
        description:
          'Vector and full-text rankings are fused by reciprocal rank. `degraded` says why vectors were not used.',
        querystring: tenantQuerySchema,
        body: searchRequestSchema,
        response: { 200: searchResponseSchema, ...failureAnswers },
      },
    },
    async request => {
      const gone = new AbortController()
      request.raw.on('close', () => request.raw.destroyed && !request.raw.complete && gone.abort())
      const searcher = { tenantId: await tenantOf(api, request), apiKeyId: request.caller.keyId }
      return await api.search(searcher, request.body, gone.signal)
    },
  )
}
