import { z } from 'zod'
import {
  reembeddingListSchema,
  reembeddingViewSchema,
  reembedQuoteSchema,
  reembedTargetSchema,
  reembedWishSchema,
  spaceListSchema,
} from '../../../contract/reembedding.ts'
import type { Api } from '../api.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Vector spaces']
const params = z.object({ reembeddingId: z.uuid() })

export function spaceRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/spaces',
    {
      schema: {
        tags,
        summary: 'Vector spaces, and how much of your documents each covers',
        response: { 200: spaceListSchema, ...failureAnswers },
      },
    },
    async ({ caller }) => ({ spaces: await api.reembedding.spaces(caller.tenantId) }),
  )
  scope.post(
    '/v1/reembeddings/quote',
    {
      schema: {
        tags,
        summary: 'Say what bringing all documents into a space would cost',
        body: reembedTargetSchema,
        response: { 200: reembedQuoteSchema, ...failureAnswers },
      },
    },
    async ({ caller, body }) => await api.reembedding.quote(caller.tenantId, body),
  )
  scope.post(
    '/v1/reembeddings',
    {
      schema: {
        tags,
        summary: 'Bring all documents into a space, then search it',
        description:
          'Works after all documents that come in, batch by batch, within the budgets; it goes on after a restart. The space that is ' +
          'searched now stays until the other one has every text, and all its vectors stay after: the same call with its name switches back.',
        body: reembedWishSchema,
        response: { 202: reembeddingViewSchema, ...failureAnswers },
      },
    },
    async ({ caller, body }, reply) => {
      const most = body.maxCostNanoUsd === undefined ? null : BigInt(body.maxCostNanoUsd)
      const who = { tenantId: caller.tenantId, apiKeyId: caller.keyId }
      return await reply.status(202).send(await api.reembedding.start(who, body.target, most))
    },
  )
  scope.get(
    '/v1/reembeddings',
    {
      schema: {
        tags,
        summary: 'Re-embeddings, newest first',
        response: { 200: reembeddingListSchema, ...failureAnswers },
      },
    },
    async ({ caller }) => ({ reembeddings: await api.reembedding.list(caller.tenantId) }),
  )
  scope.get(
    '/v1/reembeddings/:reembeddingId',
    {
      schema: {
        tags,
        summary: 'One re-embedding',
        params,
        response: { 200: reembeddingViewSchema, ...failureAnswers },
      },
    },
    async ({ caller, params }) => await api.reembedding.one(caller.tenantId, params.reembeddingId),
  )
  scope.post(
    '/v1/reembeddings/:reembeddingId/cancel',
    {
      schema: {
        tags,
        summary: 'Stop a re-embedding; what it has embedded stays',
        params,
        response: { 200: reembeddingViewSchema, ...failureAnswers },
      },
    },
    async ({ caller, params }) => await api.reembedding.cancel(caller.tenantId, params.reembeddingId),
  )
}
