import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { listDeliveries, replay } from '../../../alerts/deliveries.sql.ts'
import { changeReceiver, deleteReceiver, readReceivers } from '../../../alerts/receivers.sql.ts'
import {
  alertDeliveryQuerySchema,
  alertDeliverySchema,
  createdReceiverSchema,
  newReceiverSchema,
  receiverChangeSchema,
  receiverListSchema,
  sendResultSchema,
} from '../../../contract/alert-receiver.ts'
import { AppError } from '../../../contract/failure.ts'
import { pageSchema } from '../../../contract/paging.ts'
import { insertAuditEvent } from '../../../platform/audit.sql.ts'
import { missing } from '../../create-alerts.ts'
import { actorOf } from '../actor.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Alerts']
const paramsSchema = z.object({ receiverId: z.uuid() })
const replayedSchema = z.object({ replayed: z.int() })

/** Whom alerts are told, and what became of that. All of it needs an admin key. */
export function alertReceiverRoutes(scope: RouteScope, api: Api): void {
  const list = async () => ({ receivers: await readReceivers(api.database), canMail: api.alerts.canMail })
  const note = (request: FastifyRequest, action: string, subject: string, details: Record<string, string> = {}) =>
    insertAuditEvent(api.database, { tenantId: '*', actor: actorOf(request), action, subject, details })
  scope.get(
    '/v1/alert-receivers',
    { schema: { tags, summary: 'Whom alerts are told', response: { 200: receiverListSchema, ...failureAnswers } } },
    async request => {
      requireAdmin(request, 'see who is told alerts')
      return await list()
    },
  )
  scope.post(
    '/v1/alert-receivers',
    {
      schema: {
        tags,
        summary: 'Tell alerts to somebody else too',
        description:
          'A webhook that is signed as Standard Webhooks says, a Slack channel or what takes its messages, or a mail address. ' +
          'The secret of a webhook is shown once, here.',
        body: newReceiverSchema,
        response: { 201: createdReceiverSchema, ...failureAnswers },
      },
    },
    async (request, reply) => {
      requireAdmin(request, 'say who is told alerts')
      const created = await api.alerts.create(request.body)
      await note(request, 'add alert receiver', created.receiverId, { name: created.name, kind: created.kind })
      return await reply.status(201).send(created)
    },
  )
  scope.patch(
    '/v1/alert-receivers/:receiverId',
    {
      schema: {
        tags,
        summary: 'Rename a receiver, choose its alerts, switch it on or off',
        params: paramsSchema,
        body: receiverChangeSchema,
        response: { 200: receiverListSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'say who is told alerts')
      const { receiverId } = request.params
      if (!(await changeReceiver(api.database, receiverId, request.body))) throw missing(receiverId)
      await note(request, 'change alert receiver', receiverId)
      return await list()
    },
  )
  scope.delete(
    '/v1/alert-receivers/:receiverId',
    {
      schema: {
        tags,
        summary: 'Tell somebody no more alerts',
        description: 'What it was still to be told is forgotten.',
        params: paramsSchema,
        response: { 200: receiverListSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'say who is told alerts')
      const { receiverId } = request.params
      if (!(await deleteReceiver(api.database, receiverId))) throw missing(receiverId)
      await note(request, 'remove alert receiver', receiverId)
      return await list()
    },
  )
  scope.post(
    '/v1/alert-receivers/:receiverId/secret',
    {
      schema: {
        tags,
        summary: 'Give a webhook a new secret',
        description:
          'For a day deliveries carry the signatures of both, the new one first. The new one is shown once, here.',
        params: paramsSchema,
        response: { 200: createdReceiverSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'say who is told alerts')
      const created = await api.alerts.renewSecret(request.params.receiverId)
      await note(request, 'renew secret of alert receiver', created.receiverId)
      return created
    },
  )
  scope.post(
    '/v1/alert-receivers/:receiverId/test',
    {
      schema: {
        tags,
        summary: 'Send a test now, and say what came of it',
        params: paramsSchema,
        response: { 200: sendResultSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'test receivers of alerts')
      return await api.alerts.test(request.params.receiverId)
    },
  )
  deliveryRoutes(scope, api)
}

function deliveryRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/alert-deliveries',
    {
      schema: {
        tags,
        summary: 'What became of telling alerts, newest first',
        querystring: alertDeliveryQuerySchema,
        response: { 200: pageSchema(alertDeliverySchema), ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'see deliveries of alerts')
      return await listDeliveries(api.database, request.query)
    },
  )
  scope.post(
    '/v1/alert-deliveries/:deliveryId/replay',
    {
      schema: {
        tags,
        summary: 'Tell it once more',
        description: 'With the same `webhook-id`, so that a receiver that has it already knows it.',
        params: z.object({ deliveryId: z.uuid() }),
        response: { 200: replayedSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'replay deliveries of alerts')
      const { deliveryId } = request.params
      const replayed = await replay(api.database, { deliveryId })
      if (replayed === 0) throw new AppError('delivery_not_found', `There is no delivery ${deliveryId}.`)
      return { replayed }
    },
  )
  scope.post(
    '/v1/alert-receivers/:receiverId/replay',
    {
      schema: {
        tags,
        summary: 'Tell a receiver everything that was given up',
        params: paramsSchema,
        response: { 200: replayedSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'replay deliveries of alerts')
      return { replayed: await replay(api.database, { receiverId: request.params.receiverId }) }
    },
  )
}
