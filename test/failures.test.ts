import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { EmbedInput, EmbedOutput } from '../src/contract/embed-service.ts'
import { AppError } from '../src/contract/failure.ts'
import type { MeteredService } from '../src/contract/metered-service.ts'
import type { Attempt, StageOutcome } from '../src/contract/stage-handler.ts'
import { createEmbedStage } from '../src/pipeline/embed-stage.ts'
import { onBothDatabases } from './harness/databases.ts'
import { writeMarkdown } from './harness/texts.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

const encrypted = readFileSync(new URL('../src/providers/local/__fixtures__/encrypted.pdf', import.meta.url))

onBothDatabases('failures', createPlace => {
  const sluice = useSluice(createPlace)

  const upload = async (name: string, bytes: Uint8Array | string, correlationId: string) => {
    const form = new FormData()
    form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name)
    return await sluice().request<{ document: { documentId: string; job: { jobId: string } } }>(
      'POST',
      '/v1/documents',
      form,
      { 'x-correlation-id': correlationId },
    )
  }

  test('I22: a failed job shows code, message, what to do, and the correlation id of its upload', async () => {
    const { body, headers } = await upload('contract.pdf', encrypted, 'order-4711')
    assert.equal(headers.get('x-correlation-id'), 'order-4711')
    const job = await until('the job fails', async () => {
      const found = await sluice().job(body.document.job.jobId)
      return found.state === 'failed' && found
    })
    assert.equal(job.correlationId, 'order-4711')
    assert.equal(job.error?.code, 'document_encrypted')
    assert.match(job.error.message, new RegExp(body.document.documentId))
    assert.match(job.error.action, /password/)
    assert.equal(job.events.at(-1)?.error?.code, 'document_encrypted')
    const listed = await sluice().document(body.document.documentId)
    assert.deepEqual(listed.job.error, job.error)
  })

  test('I22: the cause of a provider fault is kept, through the retry, in the log of events', async () => {
    sluice().simulator.inject({ kind: 'connection_lost', billed: false })
    const { job } = await sluice().ingest('cables.md', '# Cables\n\nA cable breaks.\n')
    assert.equal(job.state, 'succeeded')
    const { events } = await sluice().job(job.jobId)
    const retry = events.find(event => event.reason === 'will_retry')
    assert.equal(retry?.error?.code, 'call_outcome_unknown')
    assert.match(retry.error.cause ?? '', /ECONNRESET|socket hang up/)
    assert.equal(job.error, null, 'a job that came through shows no error')
  })

  test('I22: different causes have different codes and messages', async () => {
    const faults = [
      [{ kind: 'quota_spent', code: 'model_not_found' }, 'provider_refused'],
      [{ kind: 'server_error', status: 400 }, 'call_invalid'],
    ] as const
    const messages = new Set<string>()
    for (const [i, [fault, code]] of faults.entries()) {
      sluice().simulator.inject(fault)
      const { job } = await sluice().ingest(`cause-${i}.md`, writeMarkdown(50 + i, 1))
      assert.equal(job.error?.code, code)
      messages.add(job.error.message)
    }
    assert.equal(messages.size, faults.length)
  })

  test('I23: one poison document among 20 fails alone', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i === 7
          ? sluice().upload('poison.pdf', Buffer.concat([encrypted, Buffer.from('\n%20')]))
          : sluice().upload(`good-${i}.md`, writeMarkdown(200 + i, 3)),
      ),
    )
    const mine = new Set(answers.map(answer => answer.body.document.documentId))
    const settled = (await sluice().settled()).filter(document => mine.has(document.documentId))
    assert.equal(settled.length, 20)
    const failed = settled.filter(document => document.job.state !== 'succeeded')
    assert.deepEqual(
      failed.map(document => document.fileName),
      ['poison.pdf'],
    )
  })

  for (const code of ['call_invalid', 'vector_invalid'] as const) {
    test(`I23: a text for which the provider says ${code} fails its own document, not those that share the request`, async () => {
      const documents = await Promise.all(
        ['good one', 'POISON', 'good two', 'good three'].map((words, i) =>
          sluice().ingest(`${code}-${i}.txt`, `${words} of the case ${code}`),
        ),
      )
      await sluice().sql(
        'DELETE FROM sluice.embeddings WHERE text_hash IN (SELECT text_hash FROM sluice.chunks WHERE text LIKE $1)',
        [`%of the case ${code}`],
      )
      const attempts = documents.map((document): Attempt => {
        const { jobId, versionId } = document.job
        const signal = new AbortController().signal
        const rest = {
          stage: 'embed',
          token: 1,
          failures: 0,
          apiKeyId: null,
          tags: [],
          quoteId: null,
          dueAt: null,
          correlationId: '',
          traceparent: null,
          signal,
        } as const
        return { tenantId: 'default', jobId, versionId, documentId: document.documentId, ...rest }
      })
      const outcomes = new Map<string, StageOutcome<null>>()
      await embedStage(code).run(attempts, (attempt, outcome) => outcomes.set(attempt.jobId, outcome))
      const kinds = attempts.map(attempt => outcomes.get(attempt.jobId)?.kind)
      assert.deepEqual(kinds, ['done', 'failed', 'done', 'done'])
    })
  }

  const embedStage = (code: 'call_invalid' | 'vector_invalid') =>
    createEmbedStage({
      database: sluice().database,
      batchesOf: async () => null,
      batchPolicy: 'never',
      serviceOf: async () => poisonable(sluice().server.sluice.services.embed, code),
      bookCalls: async () => {},
      timeoutMs: 10_000,
      maxInFlight: 64,
    })
})

/** The real service, but it refuses any request that holds the poison. */
function poisonable(
  service: MeteredService<EmbedInput, EmbedOutput>,
  code: 'call_invalid' | 'vector_invalid',
): MeteredService<EmbedInput, EmbedOutput> {
  return {
    ...service,
    async call(input, context, options) {
      if (input.texts.some(({ text }) => text.includes('POISON'))) throw new AppError(code, 'This text is poison.')
      return await service.call(input, context, options)
    },
  }
}
