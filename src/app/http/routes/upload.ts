import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { tagSchema } from '../../../contract/budget.ts'
import { metadataSchema, uploadAnswerSchema } from '../../../contract/document-view.ts'
import { parseOptionsSchema } from '../../../contract/parse-options.ts'
import { routeWishSchema } from '../../../contract/routing.ts'
import { isStorable, notStorable } from '../../../contract/storable.ts'
import { tenantQuerySchema } from '../../../contract/tenant.ts'
import { type UploadAnswer as TakenDocument, takeDocument } from '../../../intake/take-document.ts'
import type { Api } from '../api.ts'
import { tenantOf } from '../choose-tenant.ts'
import { explainBrokenForm, type Fields, readJsonField, readUploadForm } from '../read-upload-form.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'
import { viewDocument } from '../view-document.ts'

const chunkingSchema = z.object({ maxTokens: z.int(), overlapTokens: z.int() }).partial().strict()
const wishesSchema = z.object({
  tags: z
    .string()
    .default('')
    .transform(text => text.split(',').map(tag => tag.trim()))
    .transform(tags => [...new Set(tags.filter(tag => tag !== ''))])
    .pipe(z.array(tagSchema).max(20)),
  priority: z.coerce.number().int().min(-1000).max(1000).default(0),
  deadline: z.iso.datetime({ offset: true }).optional(),
  quoteId: z.uuid().nullable().default(null),
})
const idempotencyKeySchema = z.string().min(1).max(255)

const uploadForm = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'the document' },
    metadata: { type: 'string', description: 'a JSON object, for filters of searches', example: '{"project":"alpha"}' },
    chunking: { type: 'string', description: 'JSON', example: '{"maxTokens":512,"overlapTokens":0}' },
    parsing: {
      type: 'string',
      description: 'JSON: `tier`, `pages`, `languages`, `options` of LlamaParse',
      example: '{"tier":"agentic","pages":"1-5"}',
    },
    routing: {
      type: 'string',
      description: 'JSON: `parse`, `embed`, `policy`, `publish`',
      example: '{"parse":"hybrid"}',
    },
    tags: { type: 'string', description: 'separated by commas; budgets can cover a tag', example: 'project-x,archive' },
    priority: { type: 'string', description: 'whole number; higher goes first when money is short', example: '10' },
    deadline: { type: 'string', description: 'until when it should be done; earlier goes first when money is short' },
    quoteId: { type: 'string', description: 'the quote whose held money pays for this document' },
  },
}

export function uploadRoutes(scope: RouteScope, api: Api): void {
  scope.post(
    '/v1/documents',
    {
      schema: {
        tags: ['Documents'],
        summary: 'Upload a document',
        description:
          'multipart/form-data with one part `file`, and optional parts `metadata` (a JSON object) and `chunking` ' +
          '(JSON: `maxTokens`, `overlapTokens`), `parsing` (JSON: `tier`, `pages`, `languages`, `options`), `tags`, `priority`, `deadline` and `quoteId`. The type is found from the bytes. The same bytes again give 200 and the document ' +
          'that is there; an `Idempotency-Key` header gives the first answer again.',
        consumes: ['multipart/form-data'],
        form: uploadForm,
        querystring: tenantQuerySchema,
        response: { 200: uploadAnswerSchema, 201: uploadAnswerSchema, ...failureAnswers },
      },
    },
    async (request, reply) => {
      const tenantId = await tenantOf(api, request)
      const { documentId, created, document: fresh } = await take(api, request, tenantId).catch(explainBrokenForm)
      const document = fresh ?? (await viewDocument(api, tenantId, documentId))
      return await reply.status(created ? 201 : 200).send({ created, document })
    },
  )
}

async function take(api: Api, request: FastifyRequest, tenantId: string): Promise<TakenDocument> {
  const form = await readUploadForm(request)
  const idempotencyKey = idempotencyKeySchema.optional().parse(request.headers['idempotency-key'])
  return await takeDocument(api.intake, {
    tenantId,
    apiKeyId: request.caller.keyId,
    correlationId: request.id,
    traceparent: request.traceparent,
    fileName: form.file.filename ?? '',
    idempotencyKey: idempotencyKey ?? null,
    bytes: form.file.file,
    fields: async () => readFields(await form.readRest()),
  })
}

function readFields(fields: Fields) {
  return {
    metadata: metadataSchema.refine(isStorable, notStorable).parse(readJsonField(fields, 'metadata')),
    parseOptions: parseOptionsSchema.refine(isStorable, notStorable).parse(readJsonField(fields, 'parsing')),
    routing: routeWishSchema.parse(readJsonField(fields, 'routing')),
    chunkSettings: withoutUndefined(chunkingSchema.parse(readJsonField(fields, 'chunking'))),
    ...readWishes(fields),
  }
}

function readWishes(fields: Fields) {
  const { deadline, ...wishes } = wishesSchema.parse(Object.fromEntries(fields))
  return { ...wishes, dueAt: deadline === undefined ? null : new Date(deadline) }
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never
}
