import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DocumentDetail } from '../src/contract/document-view.ts'
import { isTerminal } from '../src/contract/job.ts'
import type { JobView } from '../src/contract/job-view.ts'
import { onBothDatabases } from './harness/databases.ts'
import { makeDue } from './harness/make-due.ts'
import { pause } from './harness/sluice-under-test.ts'
import { writeMarkdown } from './harness/texts.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

/** Parks the next embedding call: its job waits in `retrying` until a test makes it due. Shorter than what stops a provider for everybody. */
const parked = { kind: 'rate_limited', retryAfterMs: 100_000 } as const

onBothDatabases('reprocessing', createPlace => {
  const sluice = useSluice(createPlace)

  const ingest = async (seed: number) => await sluice().ingest(`doc-${seed}.md`, writeMarkdown(seed, 6, 80))
  const reprocess = async ({ documentId }: { documentId: string }, chunking?: object) => {
    const path = `/v1/documents/${documentId}/versions`
    const answer = await sluice().request<{ versionId: string; job: JobView }>('POST', path, { chunking })
    assert.equal(answer.status, 202)
    return answer.body
  }
  const reaches = async (jobId: string, state: JobView['state']) =>
    await until(`job ${jobId} is ${state}`, async () => (await sluice().job(jobId)).state === state)
  const versionsFound = async ({ documentId, fileName }: DocumentDetail) => {
    const seed = fileName.replace(/\D/g, '')
    const { hits } = await sluice().search(`Section ${seed}`, { k: 50, filters: { documentIds: [documentId] } })
    return new Set(hits.map(hit => hit.versionId))
  }

  test('I17, P13: the old version answers until the new one is complete, then all of it is swapped at once', async () => {
    const document = await ingest(1)
    const old = document.live?.versionId ?? assert.fail('nothing is live')
    sluice().simulator.inject(parked)
    const { versionId, job } = await reprocess(document, { maxTokens: 64 })
    await reaches(job.jobId, 'retrying')

    const meanwhile = await sluice().document(document.documentId)
    assert.equal(meanwhile.live?.versionId, old)
    assert.deepEqual(meanwhile.job.jobId, job.jobId)
    assert.deepEqual(await versionsFound(document), new Set([old]), 'the new chunks exist, but are not found yet')
    assert.equal((await sluice().request('GET', `/v1/documents/${document.documentId}/pages/1`)).status, 200)

    await makeDue(sluice())
    const seen: Set<string>[] = []
    for (let ended = false; !ended; ) {
      ended = isTerminal((await sluice().job(job.jobId)).state)
      seen.push(await versionsFound(document))
    }
    for (const versions of seen) assert.equal(versions.size, 1, 'a search found no version or two of them')
    assert.deepEqual(seen.at(-1), new Set([versionId]))
    const after = await sluice().document(document.documentId)
    assert.ok((after.live?.chunkCount ?? 0) > (document.live?.chunkCount ?? 0))
    assert.deepEqual(
      after.versions.map(version => [version.versionId, version.live]),
      [
        [versionId, true],
        [old, false],
      ],
    )
  })

  test('I17: the parse result is used again and its cost is booked once', async () => {
    const document = await ingest(2)
    const costOf = ({ costs }: DocumentDetail, service: string) => costs.find(line => line.service === service)
    const { job } = await reprocess(document, { maxTokens: 100 })
    await reaches(job.jobId, 'succeeded')
    const after = await sluice().document(document.documentId)
    assert.deepEqual(costOf(after, 'parse'), costOf(document, 'parse'))
    assert.equal(costOf(after, 'parse')?.calls, 1)
    assert.equal(costOf(after, 'embed')?.calls, 2)
    const parses = await sluice().sql('SELECT 1 FROM sluice.parses WHERE document_id = $1', [document.documentId])
    assert.equal(parses.length, 1)
  })

  test('I17: the same settings again give the same chunks and buy no vector', async () => {
    const document = await ingest(3)
    const before = sluice().simulator.counters().requests
    const { job, versionId } = await reprocess(document)
    await reaches(job.jobId, 'succeeded')
    const after = await sluice().document(document.documentId)
    assert.equal(after.live?.versionId, versionId)
    assert.equal(after.live?.chunkCount, document.live?.chunkCount)
    assert.equal(sluice().simulator.counters().requests, before)
  })

  test('P13: a new version that fails leaves the old one live, and a retry brings it to life', async () => {
    const document = await ingest(4)
    sluice().simulator.inject({ kind: 'quota_spent', code: 'model_not_found' })
    const { job, versionId } = await reprocess(document, { maxTokens: 64 })
    await reaches(job.jobId, 'failed')
    const failed = await sluice().document(document.documentId)
    assert.equal(failed.job.error?.code, 'provider_refused')
    assert.equal(failed.live?.versionId, document.live?.versionId)
    assert.deepEqual(await versionsFound(document), new Set([document.live?.versionId]))

    await sluice().request('POST', `/v1/jobs/${job.jobId}/retry`)
    await reaches(job.jobId, 'succeeded')
    assert.equal((await sluice().document(document.documentId)).live?.versionId, versionId)
  })

  test('I17: several versions at once all succeed, and the newest is live', async () => {
    const document = await ingest(5)
    const started = []
    for (const maxTokens of [64, 96, 128, 64]) started.push(await reprocess(document, { maxTokens }))
    for (const { job } of started) await reaches(job.jobId, 'succeeded')
    const { live, versions } = await sluice().document(document.documentId)
    assert.equal(live?.versionId, started.at(-1)?.versionId)
    assert.equal(versions.length, 5)
    assert.deepEqual(await versionsFound(document), new Set([live?.versionId]))
  })

  test('I27: a version that is complete late does not replace a newer one', async () => {
    const document = await ingest(6)
    sluice().simulator.inject(parked)
    const late = await reprocess(document, { maxTokens: 64 })
    await reaches(late.job.jobId, 'retrying')
    const newer = await reprocess(document, { maxTokens: 96 })
    await reaches(newer.job.jobId, 'succeeded')
    await makeDue(sluice())
    await reaches(late.job.jobId, 'succeeded')
    await pause(50)
    assert.equal((await sluice().document(document.documentId)).live?.versionId, newer.versionId)
  })

  test('a version without a body takes the default settings, and wrong settings are refused', async () => {
    const document = await ingest(7)
    const path = `/v1/documents/${document.documentId}/versions`
    assert.equal((await sluice().request('POST', path)).status, 202)
    const wrong = await sluice().request<{ code: string; detail: string }>('POST', path, {
      chunking: { maxTokens: 64, overlapTokens: 60 },
    })
    assert.equal(wrong.status, 400)
    assert.match(wrong.body.detail, /overlapTokens/)
    await sluice().settled()
  })
})
