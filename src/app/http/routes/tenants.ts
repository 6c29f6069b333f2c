import { tenantListSchema } from '../../../contract/tenant.ts'
import { listTenants } from '../../../tenants/tenants.sql.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function tenantRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/tenants',
    {
      schema: {
        tags: ['Keys'],
        summary: 'All tenants, by name',
        description: 'A tenant is there from its first key on. Needs an admin key.',
        response: { 200: tenantListSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'list the tenants')
      return { tenants: await listTenants(api.database) }
    },
  )
}
