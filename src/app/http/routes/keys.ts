import { z } from 'zod'
import { apiKeySchema, createdApiKeySchema, newApiKeySchema, tenantIdSchema } from '../../../contract/api-key.ts'
import { AppError } from '../../../contract/failure.ts'
import { listApiKeys, revokeApiKey } from '../../../tenants/api-keys.sql.ts'
import { createApiKey } from '../../../tenants/api-keys.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Keys']

export function keyRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/keys',
    {
      schema: {
        tags,
        summary: 'List the API keys of all tenants',
        response: { 200: z.object({ items: z.array(apiKeySchema) }), ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request)
      return { items: await listApiKeys(api.database) }
    },
  )
  scope.post(
    '/v1/keys',
    {
      schema: {
        tags,
        summary: 'Create an API key for a tenant',
        description: 'The secret is in this answer and nowhere else: only its hash is stored.',
        body: newApiKeySchema,
        response: { 201: createdApiKeySchema, ...failureAnswers },
      },
    },
    async (request, reply) => {
      requireAdmin(request)
      return await reply.status(201).send(await createApiKey(api.database, request.body, api.newId))
    },
  )
  scope.delete(
    '/v1/keys/:tenantId/:keyId',
    {
      schema: {
        tags,
        summary: 'Revoke an API key',
        description: 'It stops working within 5 seconds.',
        params: z.object({ tenantId: tenantIdSchema, keyId: z.uuid() }),
        response: { 204: z.null().describe('revoked'), ...failureAnswers },
      },
    },
    async (request, reply) => {
      requireAdmin(request)
      const { tenantId, keyId } = request.params
      const revoked = await revokeApiKey(api.database, tenantId, keyId)
      if (!revoked) throw new AppError('not_found', `Tenant ${tenantId} has no valid key ${keyId}.`)
      return await reply.status(204).send(null)
    },
  )
}
