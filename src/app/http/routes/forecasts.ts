import { forecastQuerySchema, forecastReportSchema } from '../../../contract/forecast.ts'
import { readForecasts } from '../../../ledger/read-forecasts.ts'
import type { Api } from '../api.ts'
import { chooseTenant } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function forecastRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/costs/forecast',
    {
      schema: {
        tags: ['Costs'],
        summary: 'What the present month, and the present window of each budget, will have cost at its end',
        description:
          'Of your own tenant and of the budgets that cover it; an admin key may name another tenant, or * for all, and sees all ' +
          'budgets if it names none. Based on up to 182 past days; an interval that should hold four times in five.',
        querystring: forecastQuerySchema,
        response: { 200: forecastReportSchema, ...failureAnswers },
      },
    },
    async request => {
      const { timeZone, tenant: named } = request.query
      const tenant = chooseTenant(request, named)
      const seesAll = tenant === '*' || (named === undefined && request.caller.role === 'admin')
      return await readForecasts(api.database, {
        tenant,
        timeZone,
        isSeen: ({ tenantId }) => seesAll || tenantId === '*' || tenantId === tenant,
      })
    },
  )
}
