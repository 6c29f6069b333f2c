import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  documentDetailSchema,
  documentListQuerySchema,
  documentPageSchema,
  documentViewSchema,
  pageChunksSchema,
  versionQuerySchema,
} from '../../../contract/document-view.ts'
import { AppError } from '../../../contract/failure.ts'
import { pageSchema } from '../../../contract/paging.ts'
import { tenantQuerySchema } from '../../../contract/tenant.ts'
import { deleteDocument } from '../../../documents/delete-document.sql.ts'
import { readPageChunks } from '../../../documents/read-chunks.sql.ts'
import { checkVersion, type PageKey, readPage } from '../../../documents/read-documents.sql.ts'
import type { Api } from '../api.ts'
import { tenantOf } from '../choose-tenant.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'
import { viewDetail, viewDocuments } from '../view-document.ts'

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
    async request => await viewDocuments(api, await tenantOf(api, request), request.query),
  )
  scope.get(
    '/v1/documents/:documentId',
    {
      schema: {
        tags,
        summary: 'A document with its versions and costs',
        params: idParams,
        querystring: tenantQuerySchema,
        response: { 200: documentDetailSchema, ...failureAnswers },
      },
    },
    async request => await viewDetail(api, await tenantOf(api, request), request.params.documentId),
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
        summary: 'The markdown of one page, of the live version if none is named',
        params: pageParams,
        querystring: versionQuerySchema,
        response: { 200: documentPageSchema, ...failureAnswers },
      },
    },
    async request => {
      const { tenantId, key } = await pageOf(api, request)
      const markdown = await readPage(api.database, tenantId, key)
      const { documentId, pageNumber, versionId } = key
      if (markdown !== null) return { documentId, pageNumber, markdown }
      const of = versionId === null ? 'live page' : `page in version ${versionId}, or it is not parsed yet:`
      throw new AppError('document_not_found', `Document ${documentId} has no ${of} ${pageNumber}.`)
    },
  )
  scope.get(
    '/v1/documents/:documentId/pages/:pageNumber/chunks',
    {
      schema: {
        tags,
        summary: 'The chunks of one page, of the live version if none is named',
        params: pageParams,
        querystring: versionQuerySchema,
        response: { 200: pageChunksSchema, ...failureAnswers },
      },
    },
    async request => {
      const { tenantId, key } = await pageOf(api, request)
      return { chunks: await readPageChunks(api.database, tenantId, key) }
    },
  )
}

function changeRoutes(scope: RouteScope, api: Api): void {
  scope.delete(
    '/v1/documents/:documentId',
    {
      schema: {
        tags,
        summary: 'Delete a document and all that was made from it',
        params: idParams,
        querystring: tenantQuerySchema,
        response: { 204: z.null().describe('deleted'), ...failureAnswers },
      },
    },
    async (request, reply) => {
      const tenantId = await tenantOf(api, request)
      const { documentId } = request.params
      const deleted = await api.database.transaction(session => deleteDocument(session, tenantId, documentId))
      if (!deleted) throw new AppError('document_not_found', `There is no document ${documentId}.`)
      return await reply.status(204).send(null)
    },
  )
}

/** The page that is meant. Throws `version_not_found` for a version that the document does not have. */
async function pageOf(
  api: Api,
  request: Pick<FastifyRequest, 'caller'> & {
    params: z.output<typeof pageParams>
    query: z.output<typeof versionQuerySchema>
  },
): Promise<{ tenantId: string; key: PageKey }> {
  const tenantId = await tenantOf(api, request)
  const key = { ...request.params, versionId: request.query.version ?? null }
  if (key.versionId !== null) await checkVersion(api.database, tenantId, key)
  return { tenantId, key }
}
