import { z } from 'zod'
import { callListSchema, callQuerySchema, resolutionSchema } from '../../../contract/call.ts'
import { jobsInDoubt } from '../../../jobs/defer-jobs.sql.ts'
import { listCalls } from '../../../ledger/read-calls.sql.ts'
import { resolveCall } from '../../../ledger/resolve-call.ts'
import { wakeForMoney, wakeJobs } from '../../watch-money.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { tenantSeen } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Costs']

export function callRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/calls',
    {
      schema: {
        tags,
        summary: 'Paid calls in a state: in doubt, if none is given',
        description: 'Of your own tenant; with an admin key of all tenants, or of one.',
        querystring: callQuerySchema,
        response: { 200: callListSchema, ...failureAnswers },
      },
    },
    async request => ({ calls: await listCalls(api.database, tenantSeen(request), request.query) }),
  )
  scope.post(
    '/v1/calls/:callId/resolve',
    {
      schema: {
        tags,
        summary: 'Say what became of a call in doubt',
        description:
          'Charged: its money is spent, though its result is lost. Not charged: its money is free again. Either way the work that ' +
          'waits for it goes on, with a new call where the result is still missing.',
        params: z.object({ callId: z.uuid() }),
        body: resolutionSchema,
        response: { 204: z.null().describe('resolved'), ...failureAnswers },
      },
    },
    async (request, reply) => {
      requireAdmin(request, 'resolve calls')
      await api.database.transaction(async session => {
        const { tenantId } = await resolveCall(session, request.params.callId, request.body, api.newId)
        await wakeJobs(session, api.queue, await jobsInDoubt(session, tenantId))
      })
      await wakeForMoney(api)
      return await reply.status(204).send(null)
    },
  )
}
