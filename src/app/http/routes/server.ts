import { serverReportSchema } from '../../../contract/server-report.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function serverRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/doctor',
    {
      schema: {
        tags: ['Server'],
        summary: 'Settings (secrets hidden), checks and work at hand',
        response: { 200: serverReportSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request)
      return await api.report()
    },
  )
}
