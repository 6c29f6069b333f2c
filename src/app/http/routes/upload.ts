import type { Multipart, MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { metadataSchema, uploadAnswerSchema } from '../../../contract/document-view.ts'
import { AppError } from '../../../contract/failure.ts'
import { takeDocument } from '../../../intake/take-document.ts'
import type { Api } from '../api.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'
import { viewDocument } from '../view-document.ts'

const chunkingSchema = z.object({ maxTokens: z.int(), overlapTokens: z.int() }).partial().strict()
const idempotencyKeySchema = z.string().min(1).max(255)

export function uploadRoutes(scope: RouteScope, api: Api): void {
  scope.post(
    '/v1/documents',
    {
      schema: {
        tags: ['Documents'],
        summary: 'Upload a document',
        description:
          'multipart/form-data with one part `file`, and optional parts `metadata` (a JSON object) and `chunking` ' +
          '(JSON: `maxTokens`, `overlapTokens`). The type is found from the bytes. The same bytes again give 200 and the document ' +
          'that is there; an `Idempotency-Key` header gives the first answer again.',
        consumes: ['multipart/form-data'],
        response: { 200: uploadAnswerSchema, 201: uploadAnswerSchema, ...failureAnswers },
      },
    },
    async (request, reply) => {
      const file = await firstFile(request)
      const idempotencyKey = idempotencyKeySchema.optional().parse(request.headers['idempotency-key'])
      const answer = await takeDocument(api.intake, {
        tenantId: request.caller.tenantId,
        correlationId: request.id,
        fileName: file.filename ?? '',
        idempotencyKey: idempotencyKey ?? null,
        bytes: file.file,
        fields: () => readFields(file),
      })
      const document = await viewDocument(api, request.caller.tenantId, answer.documentId)
      return await reply.status(answer.created ? 201 : 200).send({ created: answer.created, document })
    },
  )
}

async function firstFile(request: FastifyRequest): Promise<MultipartFile> {
  if (!request.isMultipart()) throw new AppError('validation_failed', 'The request is not multipart/form-data.')
  const file = await request.file()
  if (!file) throw new AppError('validation_failed', 'The form has no part `file`.')
  return file
}

function readFields(file: MultipartFile) {
  return {
    metadata: metadataSchema.parse(readJson(file.fields.metadata, 'metadata') ?? {}),
    chunkSettings: withoutUndefined(chunkingSchema.parse(readJson(file.fields.chunking, 'chunking') ?? {})),
  }
}

function readJson(field: Multipart | Multipart[] | undefined, name: string): unknown {
  if (field === undefined) return undefined
  if (Array.isArray(field) || field.type !== 'field')
    throw new AppError('validation_failed', `The field ${name} must stand once.`)
  try {
    return JSON.parse(String(field.value))
  } catch (error) {
    throw new AppError('validation_failed', `The field ${name} is not JSON.`, { cause: error })
  }
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never
}
