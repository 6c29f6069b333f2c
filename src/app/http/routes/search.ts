import { searchRequestSchema, searchResponseSchema } from '../../../contract/search.ts'
import type { Api } from '../api.ts'
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
        body: searchRequestSchema,
        response: { 200: searchResponseSchema, ...failureAnswers },
      },
    },
    async request => {
      const gone = new AbortController()
      request.raw.on('close', () => request.raw.destroyed && !request.raw.complete && gone.abort())
      return await api.search(
        { tenantId: request.caller.tenantId, apiKeyId: request.caller.keyId },
        request.body,
        gone.signal,
      )
    },
  )
}
