import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { eventQuerySchema, eventSchema, resetSchema } from '../../../contract/event.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

export function eventRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/events',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['Events'],
        summary: 'Follow what happens, as it happens',
        description:
          'Server-sent events without an end: states of jobs, decisions, entries of the books, alerts, changes. Each has an `id` to go on behind, ' +
          'with the header Last-Event-ID or `after`. An event `position` says that all before it has been told; `reset`, that something cannot be ' +
          'told any more and what is shown has to be loaded again. Of your tenant; with an admin key also of what all share.',
        querystring: eventQuerySchema,
        response: {
          200: {
            description: 'a stream; the schema is that of the `data` of its events',
            content: { 'text/event-stream': { schema: eventSchema.or(resetSchema) } },
          },
          ...failureAnswers,
        },
      },
    },
    async (request, reply) => {
      const { caller, query } = request
      const header = request.headers['last-event-id']
      const after = (typeof header === 'string' && header !== '' ? header : query.after) ?? null
      let stream: Readable | null = null
      const wish = { caller, tenants: tenantsSeen(request, query.tenant), kinds: query.kinds, after }
      const { text, end } = await api.events.open(wish, () => stream?.destroy())
      // By then nobody may be listening any more, and nobody would tell us again.
      if (reply.raw.destroyed) end()
      reply.raw.once('close', end)
      stream = Readable.from(text, { objectMode: false })
      reply.type('text/event-stream; charset=utf-8').headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      return await reply.send(stream as never)
    },
  )
}

/** Whose events a caller sees: its own; with an admin key also those of nobody in particular, or of the tenant that is named. Null: all. */
function tenantsSeen(request: FastifyRequest, named: string | undefined): string[] | null {
  const { tenantId, role } = request.caller
  if (named !== undefined && named !== tenantId) requireAdmin(request, 'follow the events of other tenants')
  if (named === '*') return null
  return role === 'admin' ? [named ?? tenantId, '*'] : [tenantId]
}
