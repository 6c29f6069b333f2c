import { priceListViewSchema } from '../../../contract/price-list.ts'
import { viewPrices } from '../../../ledger/view-prices.ts'
import type { Api } from '../api.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function priceRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/prices',
    {
      schema: {
        tags: ['Costs'],
        summary: 'The price list, with sources and dates',
        description:
          '`inForce` marks the prices of calls that are made now; others begin later, have ended, or are overridden.',
        response: { 200: priceListViewSchema, ...failureAnswers },
      },
    },
    async () => viewPrices(api.prices, new Date()),
  )
}
