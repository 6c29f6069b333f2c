import type { FastifyRequest } from 'fastify'
import type { MetricsAccess } from '../api.ts'
import { bearerOf, requireAdmin, sameSecret } from '../authenticate.ts'
import type { RouteScope } from '../route-scope.ts'

/** What Prometheus scrapes. In a scope of its own, since a key that can do nothing else opens it too. */
export function metricsRoutes(
  scope: RouteScope,
  metrics: MetricsAccess,
  authenticate: (request: FastifyRequest) => Promise<void>,
): void {
  scope.addHook('onRequest', async request => {
    if (metrics.isOpen) return
    const secret = bearerOf(request)
    if (secret && metrics.key !== '' && sameSecret(secret, metrics.key)) return
    await authenticate(request)
    requireAdmin(request, 'read the metrics')
  })
  scope.get(
    '/metrics',
    {
      schema: {
        tags: ['Server'],
        summary: 'Figures in the text format of Prometheus',
        description:
          'With SLUICE_METRICS_KEY or an admin key as the bearer, unless SLUICE_METRICS is `open` (docs/monitoring.md).',
        produces: ['text/plain'],
      },
    },
    async (_request, reply) => await reply.type(metrics.contentType).send(await metrics.text()),
  )
}
