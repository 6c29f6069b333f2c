import { z } from 'zod'
import { chunkSettingsSchema } from '../../../contract/chunk.ts'
import { documentDetailSchema, newVersionAnswerSchema, rollbackSchema } from '../../../contract/document-view.ts'
import { parseOptionsSchema } from '../../../contract/parse-options.ts'
import { routeWishSchema } from '../../../contract/routing.ts'
import { tenantQuerySchema } from '../../../contract/tenant.ts'
import { readDocument } from '../../../documents/read-documents.sql.ts'
import { startVersion } from '../../../intake/take-document.ts'
import { rollBack } from '../../../pipeline/roll-back.ts'
import { insertAuditEvent } from '../../../platform/audit.sql.ts'
import { actorOf } from '../actor.ts'
import type { Api } from '../api.ts'
import { tenantOf } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'
import { viewDetail } from '../view-document.ts'

const idParams = z.object({ documentId: z.uuid() })
const tags = ['Documents']

export function versionRoutes(scope: RouteScope, api: Api): void {
  scope.post(
    '/v1/documents/:documentId/versions',
    {
      schema: {
        tags,
        summary: 'Process a document again',
        description:
          'Makes a new version, e.g. with other chunk settings, or parsed in another way. The live one serves until the new one is complete.',
        params: idParams,
        querystring: tenantQuerySchema,
        body: z
          .object({
            chunking: chunkSettingsSchema.optional(),
            parsing: parseOptionsSchema.optional(),
            routing: routeWishSchema.optional(),
          })
          .nullish(),
        response: { 202: newVersionAnswerSchema, ...failureAnswers },
      },
    },
    async (request, reply) => {
      const { caller, params, body, id, traceparent } = request
      const tenantId = await tenantOf(api, request)
      const { documentId, fileName, tags } = await readDocument(api.database, tenantId, params.documentId)
      const chunkSettings = body?.chunking ?? chunkSettingsSchema.parse({})
      const parseOptions = body?.parsing ?? {}
      const wishes = { tags, priority: 0, dueAt: null, quoteId: null, apiKeyId: caller.keyId }
      const routing = body?.routing ?? {}
      const spaceId = await api.intake.spaceOf(tenantId, routing)
      const version = {
        ...wishes,
        tenantId,
        documentId,
        fileName,
        chunkSettings,
        parseOptions,
        routing,
        upgradeOf: null,
        spaceId,
        correlationId: id,
        traceparent,
      }
      const job = await api.database.transaction(session => startVersion(api.intake, session, version))
      api.intake.nudge()
      return await reply.status(202).send({ versionId: job.versionId, job })
    },
  )
  rollbackRoute(scope, api)
}

function rollbackRoute(scope: RouteScope, api: Api): void {
  scope.post(
    '/v1/documents/:documentId/versions/:versionId/rollback',
    {
      schema: {
        tags,
        summary: 'Make an earlier version live again',
        description:
          'At once and as a whole: searches find the one or the other. It stays until somebody asks for another version; an upgrade that was ' +
          'made by itself does not replace it. Refused (`rollback_refused`) for a version that was never complete, was made to be compared only, or ' +
          'has not all of its vectors in the space that is searched now. For the version that is live it changes nothing.',
        params: idParams.extend({ versionId: z.uuid() }),
        querystring: tenantQuerySchema,
        body: rollbackSchema.nullish(),
        response: { 200: documentDetailSchema, ...failureAnswers },
      },
    },
    async request => {
      const tenantId = await tenantOf(api, request)
      const { documentId, versionId } = request.params
      await api.database.transaction(async session => {
        const done = await rollBack(session, { tenantId, documentId, versionId })
        if (!done) return
        const details = { from: done.from, to: versionId, reason: request.body?.reason ?? null }
        const who = { tenantId, actor: actorOf(request) }
        await insertAuditEvent(session, { ...who, action: 'document_rollback', subject: documentId, details })
      })
      return await viewDetail(api, tenantId, documentId)
    },
  )
}
