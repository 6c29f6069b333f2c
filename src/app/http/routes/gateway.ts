import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError, asAppError } from '../../../contract/failure.ts'
import { errorReply, type OpenAiReply, refusal } from '../../../gateway/openai-reply.ts'
import { embeddingsSchema, errorSchema, modelSchema, modelsSchema } from '../../../gateway/openai-schemas.ts'
import { readTags } from '../../../gateway/read-tags.ts'
import type { Api } from '../api.ts'
import type { RouteScope } from '../route-scope.ts'

/** As much text as OpenAI takes in one request fits many times; it is counted in tokens afterwards. */
const bodyLimit = 32 << 20
const tags = ['Gateway']
/** Where even the reason cannot be looked up. */
const unexplained = errorReply(503, { message: 'The server cannot answer just now.', type: 'server_error' })

const embeddingsBody = {
  type: 'object',
  required: ['model', 'input'],
  properties: {
    model: { type: 'string', example: 'text-embedding-3-small' },
    input: { description: 'a text, texts, tokens, or lists of tokens', example: ['first text', 'second text'] },
    dimensions: { type: 'integer', description: 'the size that the model has here, or nothing' },
    encoding_format: { type: 'string', enum: ['float', 'base64'], default: 'float' },
    user: { type: 'string', description: 'taken, and not used' },
  },
}

/** What is sent is written already, so these only describe it. */
const answers = <T extends z.ZodType>(schema: T) => ({ 200: schema, '4xx': errorSchema, '5xx': errorSchema })

/** OpenAI's endpoints under `/openai/v1`, in a scope of their own: bodies and errors are OpenAI's, not ours. */
export function gatewayRoutes(scope: RouteScope, api: Api): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body))
  scope.setErrorHandler((error: Error, request, reply) => answerError(api, error, request, reply))
  scope.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  scope.register(async inside => inside.setNotFoundHandler(answerUnknownPath), { prefix: '/openai/v1' })
  scope.post(
    '/openai/v1/embeddings',
    {
      bodyLimit,
      schema: {
        tags,
        summary: 'Embeddings, as OpenAI answers them',
        description:
          'For programs that speak to OpenAI: budgets, limits and the vectors that are there already hold for them too. ' +
          'The header `x-sluice-tags` names tags for budgets; `x-sluice-cache` of the answer says `hit`, `miss` or `partial`.',
        form: embeddingsBody,
        response: answers(embeddingsSchema),
      },
    },
    async (request, reply) => {
      const { tenantId, keyId } = request.caller
      const read = readTags(headerOf(request, 'x-sluice-tags'))
      if ('status' in read) return send(reply, read)
      const caller = { tenantId, apiKeyId: keyId, tags: read.tags }
      return send(reply, await api.gateway.embed(caller, typeof request.body === 'string' ? request.body : ''))
    },
  )
  scope.get(
    '/openai/v1/models',
    { schema: { tags, summary: 'The embedding models, as OpenAI lists them', response: answers(modelsSchema) } },
    (_request, reply) => void send(reply, api.gateway.listModels()),
  )
  scope.get(
    '/openai/v1/models/:model',
    {
      schema: {
        tags,
        summary: 'One of the embedding models',
        params: z.object({ model: z.string() }),
        response: answers(modelSchema),
      },
    },
    (request, reply) => void send(reply, api.gateway.showModel(request.params.model)),
  )
}

function send(reply: FastifyReply, { status, headers, body }: OpenAiReply): FastifyReply {
  return reply.status(status).headers(headers).type('application/json').send(body)
}

function answerUnknownPath(request: FastifyRequest, reply: FastifyReply): void {
  send(reply, refusal(`Invalid URL (${request.method} ${request.url.split('?')[0]})`, { status: 404 }))
}

async function answerError(api: Api, error: Error, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const failure = toFailure(error)
  // The caller is not known where it was not authenticated.
  const caller = request.caller as typeof request.caller | undefined
  const explained = await api.gateway.explain(failure, caller?.tenantId ?? null).catch(() => unexplained)
  const ours = explained.status >= 500
  request.log[ours ? 'error' : 'info']({ err: ours ? error : undefined, code: failure.code }, failure.message)
  send(reply, explained)
}

function toFailure(error: Error): AppError {
  if (!('statusCode' in error) || typeof error.statusCode !== 'number' || error.statusCode >= 500)
    return asAppError(error)
  const code = error.statusCode === 413 ? 'file_too_large' : 'validation_failed'
  return new AppError(code, error.message, { cause: error })
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join() : value
}
