import { z } from 'zod'
import { chunkSettingsSchema } from '../../../contract/chunk.ts'
import {
  type CostLine,
  documentDetailSchema,
  documentListQuerySchema,
  documentPageSchema,
  documentViewSchema,
  newVersionAnswerSchema,
  pageChunksSchema,
} from '../../../contract/document-view.ts'
import { AppError } from '../../../contract/failure.ts'
import { pageSchema } from '../../../contract/paging.ts'
import { parseOptionsSchema } from '../../../contract/parse-options.ts'
import { routeWishSchema } from '../../../contract/routing.ts'
import { deleteDocument } from '../../../documents/delete-document.sql.ts'
import { readPageChunks } from '../../../documents/read-chunks.sql.ts'
import { readDocument, readPage, readVersions } from '../../../documents/read-documents.sql.ts'
import { startVersion } from '../../../intake/take-document.ts'
import { readCosts } from '../../../ledger/read-costs.sql.ts'
import type { Api } from '../api.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'
import { viewDocument, viewDocuments } from '../view-document.ts'

const idParams = z.object({ documentId: z.uuid() })
const pageParams = idParams.extend({ pageNumber: z.coerce.number().int().min(1) })
const tags = ['Documents']

export function documentRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/documents',
    {
      schema: {
        tags,
        summary: 'List documents, newest first',
        querystring: documentListQuerySchema,
        response: { 200: pageSchema(documentViewSchema), ...failureAnswers },
      },
    },
    async ({ caller, query }) => await viewDocuments(api, caller.tenantId, query),
  )
  scope.get(
    '/v1/documents/:documentId',
    {
      schema: {
        tags,
        summary: 'A document with its versions and costs',
        params: idParams,
        response: { 200: documentDetailSchema, ...failureAnswers },
      },
    },
    async ({ caller, params }) => {
      const document = await viewDocument(api, caller.tenantId, params.documentId)
      const versions = await readVersions(api.database, caller.tenantId, params.documentId)
      const costs = await readCosts(api.database, caller.tenantId, [params.documentId])
      return { ...document, versions, costs: costs.map(toCostLine) }
    },
  )
  pageRoutes(scope, api)
  changeRoutes(scope, api)
}

function pageRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/documents/:documentId/pages/:pageNumber',
    {
      schema: {
        tags,
        summary: 'The markdown of one page of the live version',
        params: pageParams,
        response: { 200: documentPageSchema, ...failureAnswers },
      },
    },
    async ({ caller, params }) => {
      const markdown = await readPage(api.database, caller.tenantId, params.documentId, params.pageNumber)
      if (markdown === null) {
        throw new AppError('document_not_found', `Document ${params.documentId} has no live page ${params.pageNumber}.`)
      }
      return { ...params, markdown }
    },
  )
  scope.get(
    '/v1/documents/:documentId/pages/:pageNumber/chunks',
    {
      schema: {
        tags,
        summary: 'The chunks of one page of the live version',
        params: pageParams,
        response: { 200: pageChunksSchema, ...failureAnswers },
      },
    },
    async ({ caller, params }) => ({
      chunks: await readPageChunks(api.database, caller.tenantId, params.documentId, params.pageNumber),
    }),
  )
}

function changeRoutes(scope: RouteScope, api: Api): void {
  scope.post(
    '/v1/documents/:documentId/versions',
    {
      schema: {
        tags,
        summary: 'Process a document again',
        description:
          'Makes a new version, e.g. with other chunk settings, or parsed in another way. The live one serves until the new one is complete.',
        params: idParams,
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
    async ({ caller, params, body, id, traceparent }, reply) => {
      const { tenantId } = caller
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
  scope.delete(
    '/v1/documents/:documentId',
    {
      schema: {
        tags,
        summary: 'Delete a document and all that was made from it',
        params: idParams,
        response: { 204: z.null().describe('deleted'), ...failureAnswers },
      },
    },
    async ({ caller, params }, reply) => {
      const deleted = await api.database.transaction(s => deleteDocument(s, caller.tenantId, params.documentId))
      if (!deleted) throw new AppError('document_not_found', `There is no document ${params.documentId}.`)
      return await reply.status(204).send(null)
    },
  )
}

function toCostLine(line: Awaited<ReturnType<typeof readCosts>>[number]): CostLine {
  const { documentId: _, units, costNanoUsd, shadowNanoUsd, service, ...rest } = line
  return {
    ...rest,
    service: service as CostLine['service'],
    units: units.toString(),
    costNanoUsd: costNanoUsd.toString(),
    shadowNanoUsd: shadowNanoUsd.toString(),
  }
}
