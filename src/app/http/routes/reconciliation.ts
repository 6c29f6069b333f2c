import { reconcileWishSchema, reconciliationSchema } from '../../../contract/reconciliation.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function reconciliationRoutes(scope: RouteScope, api: Api): void {
  scope.post(
    '/v1/costs/reconcile',
    {
      schema: {
        tags: ['Costs'],
        summary: 'Compare the books with what the providers report',
        description:
          'By UTC day, provider, operation and model. With `book` the differences of days whose reports are final are booked as ' +
          'adjustments, each once. Needs an admin key, and the keys of the providers’ reports (OPENAI_ADMIN_KEY, LLAMA_CLOUD_API_KEY).',
        body: reconcileWishSchema,
        response: { 200: reconciliationSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'compare the books')
      const gone = new AbortController()
      request.raw.on('close', () => request.raw.destroyed && !request.raw.complete && gone.abort())
      return await api.reconcile(request.body, gone.signal)
    },
  )
}
