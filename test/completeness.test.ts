import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attempt } from '../src/contract/stage-handler.ts'
import { createPublishStage } from '../src/pipeline/publish-stage.ts'
import { onBothDatabases } from './harness/databases.ts'
import { makeDue } from './harness/make-due.ts'
import { word, writeMarkdown } from './harness/texts.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

onBothDatabases('completeness', createPlace => {
  const sluice = useSluice(createPlace)

  const nothingToRead = [
    ['empty-body.html', '<!doctype html><html><head><title></title></head><body>  \n </body></html>'],
    ['spaces.txt', ' \n\t\n   '],
    ['blank-lines.md', '\n\n\n\n'],
    ['no-values.csv', ',,,\n,,,\n'],
  ] as const
  for (const [name, content] of nothingToRead) {
    test(`I3: ${name} has no text: its job fails with a reason and is never called complete`, async () => {
      const { job, live, versions } = await sluice().ingest(name, content)
      assert.equal(job.state, 'failed')
      assert.equal(job.error?.code, 'document_without_text')
      assert.equal(live, null)
      assert.ok(versions.every(version => version.publishedAt === null))
    })
  }

  test('I3: a version is not published without chunks, or with one chunk that has no vector', async () => {
    const { documentId, live } = await sluice().ingest('complete.md', writeMarkdown(1, 4, 120), {
      chunking: { maxTokens: 128 },
    })
    assert.ok(live && live.chunkCount > 1)
    const attempt: Attempt = {
      tenantId: 'default',
      jobId: '',
      documentId,
      versionId: live.versionId,
      stage: 'publish',
      token: 1,
      failures: 0,
      apiKeyId: null,
      tags: [],
      quoteId: null,
      dueAt: null,
      traceparent: null,
      correlationId: '',
      signal: new AbortController().signal,
    }
    const publish = () =>
      sluice().database.transaction(session =>
        createPublishStage({ timeoutMs: 1, maxInFlight: 1 }).save(session, [{ attempt, result: null }]),
      )
    await publish()

    await sluice().sql('UPDATE sluice.documents SET live_version_id = NULL WHERE document_id = $1', [documentId])
    await sluice().sql(
      'DELETE FROM sluice.embeddings WHERE text_hash = (SELECT text_hash FROM sluice.chunks WHERE version_id = $1 AND ordinal = 0)',
      [live.versionId],
    )
    await assert.rejects(publish(), {
      code: 'version_incomplete',
      message: /has \d+ chunk\(s\), \d+ of them with a vector/,
    })
    await sluice().sql('DELETE FROM sluice.chunks WHERE version_id = $1', [live.versionId])
    await assert.rejects(publish(), { code: 'version_incomplete', message: /has 0 chunk\(s\)/ })
    assert.equal((await sluice().document(documentId)).live, null)
  })

  for (const [i, wrong] of (['not_finite', 'zero', 'wrong_size', 'missing', 'repeated_index'] as const).entries()) {
    test(`I4: a provider that returns vectors with the fault "${wrong}" fails the job, and no vector is stored`, async () => {
      const fault = { kind: 'vectors', wrong } as const
      sluice().simulator.inject(fault, fault, fault, fault, fault)
      const { body } = await sluice().upload(`bad-${wrong}.md`, writeMarkdown(10 + i, 3, 40))
      const { jobId, versionId } = body.document.job
      const failed = await until('the job gives up', async () => {
        const job = await sluice().job(jobId)
        if (job.state === 'retrying') await makeDue(sluice())
        return job.state === 'failed' && job
      })
      assert.match(failed.error?.code ?? '', /^(vector_invalid|provider_reply_malformed)$/)
      assert.equal(failed.events.filter(event => event.reason === 'will_retry').length, 4)
      const stored = () =>
        sluice().sql(
          'SELECT e.text_hash FROM sluice.chunks c JOIN sluice.embeddings e USING (tenant_id, text_hash) WHERE c.version_id = $1',
          [versionId],
        )
      assert.deepEqual(await stored(), [])

      await sluice().request('POST', `/v1/jobs/${jobId}/retry`)
      await until('the retried job succeeds', async () => (await sluice().job(jobId)).state === 'succeeded')
      assert.ok((await stored()).length > 0)
    })
  }

  test('I4: a document of more than 2,048 chunks is embedded in several requests, each within the limits', async () => {
    const lines = Array.from({ length: 2_100 }, (_, i) => `# ${word(i)} ${i}\n\nValue ${i} of ${word(i * 7)}.\n`)
    const before = sluice().simulator.counters()
    const { job, live } = await sluice().ingest('many.md', lines.join('\n'), { chunking: { maxTokens: 32 } })
    assert.equal(job.state, 'succeeded', job.error?.message ?? '')
    assert.ok(live && live.chunkCount > 2_048, `${live?.chunkCount} chunks`)
    const after = sluice().simulator.counters()
    assert.equal(after.inputs - before.inputs, live.chunkCount)
    assert.equal(after.requests - before.requests, Math.ceil(live.chunkCount / 2_048))
  })
})
