import { z } from 'zod'
import { compareVersions } from '../../../compare/compare-versions.ts'
import { comparisonSchema } from '../../../contract/comparison.ts'
import type { Api } from '../api.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function comparisonRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/comparisons/:versionA/:versionB',
    {
      schema: {
        tags: ['Routing'],
        summary: 'Two versions of a document side by side',
        description:
          'What two routes made of the same bytes: times with the share of the provider, costs, pages, tables, how alike the texts are, and ' +
          'whether search would find the same. Make versions with `routing` and `publish` false to compare without touching what is searched.',
        params: z.object({ versionA: z.uuid(), versionB: z.uuid() }),
        response: { 200: comparisonSchema, ...failureAnswers },
      },
    },
    async ({ caller, params }) => {
      await api.router.log.flush()
      const versions = { a: params.versionA, b: params.versionB }
      return await api.database.snapshot(session => compareVersions(session, caller.tenantId, versions))
    },
  )
}
