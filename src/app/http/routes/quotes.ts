import { z } from 'zod'
import { chunkSettingsSchema } from '../../../contract/chunk.ts'
import { parseOptionsSchema } from '../../../contract/parse-options.ts'
import { heldQuoteSchema, quoteHoldSchema, quoteSchema } from '../../../contract/quote.ts'
import { releaseQuote } from '../../../ledger/hold-quote.ts'
import type { Api } from '../api.ts'
import { explainBrokenForm, type Fields, readJsonField, readUploadForm } from '../read-upload-form.ts'
import { failureAnswers, type RouteScope } from '../route-scope.ts'

const tags = ['Costs']

export function quoteRoutes(scope: RouteScope, api: Api): void {
  scope.post(
    '/v1/quotes',
    {
      schema: {
        tags,
        summary: 'What bringing a file in would cost',
        description:
          'multipart/form-data as for an upload. The file is read and chunked here, for nothing; nothing is kept, and nothing is sent to a ' +
          'paid provider. What is there already costs nothing.',
        consumes: ['multipart/form-data'],
        response: { 200: quoteSchema, ...failureAnswers },
      },
    },
    async request => {
      const gone = new AbortController()
      request.raw.on('close', () => request.raw.destroyed && !request.raw.complete && gone.abort())
      const form = await readUploadForm(request).catch(explainBrokenForm)
      const wish = {
        tenantId: request.caller.tenantId,
        fileName: form.file.filename ?? '',
        bytes: form.file.file,
        settings: async () => readSettings(await form.readRest()),
        signal: gone.signal,
      }
      return await api.quote(wish).catch(explainBrokenForm)
    },
  )
  scope.post(
    '/v1/quotes/holds',
    {
      schema: {
        tags,
        summary: 'Hold the money of an ingest before it begins, all of it or none',
        description:
          'Uploads that name the `quoteId` use it. What is left comes free when their jobs have ended, or after a day.',
        body: quoteHoldSchema,
        response: { 201: heldQuoteSchema, ...failureAnswers },
      },
    },
    async (request, reply) => {
      const { tenantId, keyId } = request.caller
      const { quoteId, expiresAt } = await api.holdQuote({ tenantId, apiKeyId: keyId }, request.body)
      return await reply.status(201).send({ quoteId, expiresAt: expiresAt.toISOString() })
    },
  )
  scope.delete(
    '/v1/quotes/holds/:quoteId',
    {
      schema: {
        tags,
        summary: 'Give back what a held quote has not used',
        params: z.object({ quoteId: z.uuid() }),
        response: { 204: z.null().describe('released'), ...failureAnswers },
      },
    },
    async (request, reply) => {
      await releaseQuote(api.database, request.caller.tenantId, request.params.quoteId)
      return await reply.status(204).send(null)
    },
  )
}

function readSettings(fields: Fields) {
  return {
    chunking: chunkSettingsSchema.parse(readJsonField(fields, 'chunking')),
    parsing: parseOptionsSchema.parse(readJsonField(fields, 'parsing')),
  }
}
