import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { budgetSettingsSchema } from '../../../contract/budget.ts'
import { serviceNames } from '../../../contract/provenance.ts'
import { auditListSchema, modeChangeSchema, modeListSchema } from '../../../contract/routing.ts'
import { tenantShape } from '../../../contract/tenant.ts'
import { listAuditEvents } from '../../../platform/audit.sql.ts'
import { actorOf } from '../actor.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { tenantSeen } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Routing']
const paramsSchema = z.object({ tenantId: budgetSettingsSchema.shape.tenantId, service: z.enum(serviceNames) })

export function modeRoutes(scope: RouteScope, api: Api): void {
  const { modes } = api.router
  const listFor = ({ caller }: FastifyRequest) => ({
    modes: modes.list(caller.role === 'admin' ? null : caller.tenantId),
    policies: { ...modes.policies },
    production: api.router.state.production,
  })
  scope.get(
    '/v1/modes',
    {
      schema: {
        tags,
        summary: 'In which mode each service is, and the policies that there are',
        description: 'The mode of a tenant goes before that of all (`*`), and that before the configuration.',
        response: { 200: modeListSchema, ...failureAnswers },
      },
    },
    async request => {
      await modes.refresh()
      return listFor(request)
    },
  )
  scope.put(
    '/v1/modes/:tenantId/:service',
    {
      schema: {
        tags,
        summary: 'Switch the mode of a service',
        description:
          'Takes effect for the next decision, in all processes within a second; work under way ends as it was routed. ' +
          'The tenant `*` stands for all that have no mode of their own. `mock` is refused in production unless forced.',
        params: paramsSchema,
        body: modeChangeSchema,
        response: { 200: modeListSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'switch modes')
      await modes.set(request.params, request.body, actorOf(request))
      if (request.body.force) request.log.warn(request.params, 'mode mock was forced in production')
      return listFor(request)
    },
  )
  scope.delete(
    '/v1/modes/:tenantId/:service',
    {
      schema: {
        tags,
        summary: 'Take a switched mode back',
        params: paramsSchema,
        response: { 200: modeListSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'switch modes')
      await modes.reset(request.params, actorOf(request), null)
      return listFor(request)
    },
  )
  scope.get(
    '/v1/audit',
    {
      schema: {
        tags,
        summary: 'Who changed what, newest first',
        description:
          'Of your tenant and of what concerns all; with an admin key of all tenants, or of one and of what concerns all.',
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100), ...tenantShape }),
        response: { 200: auditListSchema, ...failureAnswers },
      },
    },
    async request => ({
      events: await listAuditEvents(api.database, tenantSeen(request), request.query.limit),
    }),
  )
}
