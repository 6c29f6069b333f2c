import type { FastifyError, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError, asAppError } from '../../../contract/failure.ts'
import { type RefusalReason, webhookStatusSchema, webhookTestSchema } from '../../../contract/webhook.ts'
import { readDelivery } from '../../../webhooks/delivery.ts'
import { verifySignature } from '../../../webhooks/signature.ts'
import type { Api } from '../api.ts'
import { requireAdmin } from '../authenticate.ts'
import { answerFailure } from '../problem.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Webhooks']
const maxBodyBytes = 16_384

/** What operators ask about webhooks, with an admin key. */
export function webhookRoutes(scope: RouteScope, api: Api): void {
  scope.get(
    '/v1/webhooks',
    {
      schema: {
        tags,
        summary: 'Show how webhooks are received',
        description: 'The address, the number of secrets, the last event, and what was refused. Needs an admin key.',
        response: { 200: webhookStatusSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'see the webhooks')
      return await api.webhooks.status()
    },
  )
  scope.post(
    '/v1/webhooks/test',
    {
      schema: {
        tags,
        summary: 'Send a signed sample to the public address and see whether it comes here',
        description: 'The sample is of type `sluice.test` and about no job. Needs an admin key.',
        response: { 200: webhookTestSchema, ...failureAnswers },
      },
    },
    async request => {
      requireAdmin(request, 'test the webhooks')
      return await api.webhooks.test()
    },
  )
}

/** Where LlamaParse sends its webhooks to: the signature is the key. In a scope of its own, where bodies of any type stay bytes. */
export function deliveryRoutes(scope: RouteScope, api: Api): void {
  const { secrets, inbox, refusals } = api.webhooks
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  scope.setErrorHandler((error: Error, request, reply) => {
    const failure = namedFailure(error)
    const reason = reasonOf(failure, request)
    if (reason !== null) {
      refusals.note(reason, request.ip)
      api.metrics?.webhook(reason)
    }
    answerFailure(failure, request, reply)
  })
  scope.addHook('onRequest', async request => {
    if (secrets.length === 0) throw new AppError('webhooks_off', 'This server has no secret to check webhooks with.')
    // What the sender calls the body does not matter; the framework would refuse some names.
    request.headers['content-type'] = 'application/octet-stream'
  })
  scope.post(
    '/v1/webhooks/llamaparse',
    {
      bodyLimit: maxBodyBytes,
      schema: {
        tags,
        summary: 'Receive a webhook of LlamaParse',
        description:
          'A hint that a job has ended: its result is fetched from LlamaParse, whatever the event says. An event that came before is ' +
          'answered like a new one, and that of an unknown job like that of a known one. At most 16 KB.',
        security: [],
        headers: deliveryHeaders,
        consumes: ['application/json'],
        form: deliveryBody,
        response: { 202: z.object({}).describe('stored'), ...failureAnswers },
      },
    },
    async (request, reply) => {
      const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      if (!verifySignature(rawBody, signatureOf(request), secrets)) {
        throw new AppError('webhook_signature_invalid', 'The delivery is not signed with a secret of this server.')
      }
      const news = await inbox.accept(readDelivery(rawBody))
      api.metrics?.webhook(news === 'new' ? 'taken' : 'known')
      return await reply.status(202).send({})
    },
  )
}

const deliveryHeaders = z.looseObject({
  'lc-signature': z
    .string()
    .optional()
    .describe(
      '`sha256=` and the HMAC-SHA256 of the body as it is sent, in lower-case hex, with the shared secret as the key',
    ),
})

const deliveryBody = {
  type: 'object',
  required: ['event_id', 'event_type', 'data'],
  properties: {
    event_id: { type: 'string', description: 'each is taken once', maxLength: 200 },
    event_type: { type: 'string', examples: ['parse.success'], maxLength: 100 },
    data: { type: 'object', properties: { job_id: { type: 'string', maxLength: 200 }, id: { type: 'string' } } },
  },
}

/** Several headers of the name come as one with a comma, which is no signature. */
function signatureOf({ headers }: FastifyRequest): string | undefined {
  const header = headers['lc-signature']
  return typeof header === 'string' ? header : undefined
}

function namedFailure(error: FastifyError | Error): Error {
  if (!('statusCode' in error) || error.statusCode !== 413) return error
  return new AppError('webhook_too_large', `The delivery has more than ${maxBodyBytes} bytes.`)
}

/** Why a delivery was refused; null when it is our fault that it was not taken. */
function reasonOf(failure: Error, request: FastifyRequest): RefusalReason | null {
  const { code, status } = asAppError(failure)
  if (code === 'webhooks_off') return 'off'
  if (code === 'webhook_too_large') return 'too_large'
  if (code === 'webhook_signature_invalid') return signatureOf(request) === undefined ? 'unsigned' : 'badly_signed'
  const isForeign = 'statusCode' in failure && typeof failure.statusCode === 'number' && failure.statusCode < 500
  return isForeign || status < 500 ? 'malformed' : null
}
