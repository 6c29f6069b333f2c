import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JobDetail } from '../src/contract/job-view.ts'
import type { Problem } from '../src/contract/problem.ts'
import { onBothDatabases } from './harness/databases.ts'
import { writeMarkdown } from './harness/texts.ts'
import { until } from './harness/until.ts'
import { useSluice } from './harness/use-sluice.ts'

const parked = { kind: 'rate_limited', retryAfterMs: 600_000 } as const
const nothing = { documents: 0, versions: 0, parses: 0, pages: 0, chunks: 0, jobs: 0, events: 0 }

onBothDatabases('job control', createPlace => {
  const sluice = useSluice(createPlace)

  const act = async (jobId: string, action: 'cancel' | 'retry') =>
    await sluice().request<JobDetail & Problem>('POST', `/v1/jobs/${jobId}/${action}`)
  const reaches = async (jobId: string, state: string) =>
    await until(`job ${jobId} is ${state}`, async () => (await sluice().job(jobId)).state === state)
  /** Long enough to be met while it is being worked on. */
  const longText = (seed: number) => writeMarkdown(seed, 2_000, 150)
  const countRows = async (documentId: string) => {
    const versions = `SELECT version_id FROM sluice.versions WHERE document_id = $1`
    const parses = `SELECT parse_id FROM sluice.parses WHERE document_id = $1`
    const jobs = `SELECT job_id FROM sluice.jobs WHERE document_id = $1`
    const [row] = await sluice().sql(
      `SELECT (SELECT count(*)::int FROM sluice.documents WHERE document_id = $1) AS documents,
        (SELECT count(*)::int FROM (${versions}) v) AS versions, (SELECT count(*)::int FROM (${parses}) p) AS parses,
        (SELECT count(*)::int FROM (${jobs}) j) AS jobs,
        (SELECT count(*)::int FROM sluice.pages WHERE parse_id IN (${parses})) AS pages,
        (SELECT count(*)::int FROM sluice.chunks WHERE version_id IN (${versions})) AS chunks,
        (SELECT count(*)::int FROM sluice.job_events WHERE job_id IN (${jobs})) AS events`,
      [documentId],
    )
    return row
  }
  const orphans = async () =>
    await sluice().sql(
      `SELECT 'chunk' FROM sluice.chunks c WHERE NOT EXISTS (SELECT 1 FROM sluice.versions v WHERE v.version_id = c.version_id)
       UNION ALL SELECT 'page' FROM sluice.pages p WHERE NOT EXISTS (SELECT 1 FROM sluice.parses q WHERE q.parse_id = p.parse_id)
       UNION ALL SELECT 'event' FROM sluice.job_events e WHERE NOT EXISTS (SELECT 1 FROM sluice.jobs j WHERE j.job_id = e.job_id)
       UNION ALL SELECT 'vector' FROM sluice.embeddings e WHERE NOT EXISTS (SELECT 1 FROM sluice.chunks c WHERE c.text_hash = e.text_hash)`,
    )

  test('a failed job that is retried goes on at the stage where it stopped', async () => {
    sluice().simulator.inject({ kind: 'quota_spent', code: 'model_not_found' })
    const { job, documentId } = await sluice().ingest('unpaid.md', writeMarkdown(1, 2))
    assert.equal(job.state, 'failed')
    const retried = await act(job.jobId, 'retry')
    assert.equal(retried.status, 200)
    assert.deepEqual([retried.body.stage, retried.body.error], ['embed', null])
    await reaches(job.jobId, 'succeeded')
    const { events } = await sluice().job(job.jobId)
    assert.equal(events.filter(event => event.reason === 'retried_by_user').length, 1)
    assert.equal(events.filter(event => event.stage === 'parse' && event.reason === 'claimed').length, 1)
    assert.ok((await sluice().document(documentId)).live)
  })

  test('a parked job can be cancelled, and retried later', async () => {
    sluice().simulator.inject(parked)
    const { body } = await sluice().upload('parked.md', writeMarkdown(2, 2))
    const { jobId } = body.document.job
    await reaches(jobId, 'retrying')
    const cancelled = await act(jobId, 'cancel')
    assert.deepEqual([cancelled.status, cancelled.body.state, cancelled.body.deadlineAt], [200, 'cancelled', null])
    await act(jobId, 'retry')
    await reaches(jobId, 'deferred')
    const { deferral } = await sluice().job(jobId)
    assert.match(deferral?.message ?? '', /takes nothing until/, 'the provider’s own word is kept')
    await sluice().sql('UPDATE sluice.provider_health SET limited_until = NULL')
    await reaches(jobId, 'succeeded')
  })

  test('a job that is being worked on can be cancelled: its work is thrown away, and others go on', async () => {
    const { body } = await sluice().upload('long.md', longText(3))
    const { jobId } = body.document.job
    await reaches(jobId, 'running')
    assert.equal((await act(jobId, 'cancel')).body.state, 'cancelled')
    assert.equal((await sluice().ingest('next.md', writeMarkdown(4, 2))).job.state, 'succeeded')
    const after = await sluice().document(body.document.documentId)
    assert.equal(after.job.state, 'cancelled')
    assert.equal(after.live, null)
    const { events } = await sluice().job(jobId)
    assert.equal(events.at(-1)?.reason, 'cancelled', 'nothing was written after the cancel')
  })

  test('what a job’s state does not allow is a conflict that names the state', async () => {
    const { job } = await sluice().ingest('done.md', writeMarkdown(5, 1))
    for (const action of ['cancel', 'retry'] as const) {
      const { status, body } = await act(job.jobId, action)
      assert.deepEqual([status, body.code], [409, 'job_state_conflict'])
      assert.match(body.detail, /succeeded/)
    }
  })

  test('a deleted document is gone with all that was made from it; vectors that others share stay', async () => {
    const shared = `# Shared\n\n${'the same sentence in both documents '.repeat(8)}\n`
    const chunking = { maxTokens: 64 }
    const one = await sluice().ingest('one.md', `${shared}\n# One\n\n${'only zebras here '.repeat(20)}\n`, { chunking })
    const two = await sluice().ingest('two.md', `${shared}\n# Two\n\n${'only giraffes here '.repeat(20)}\n`, {
      chunking,
    })
    const hashes = async (versionId?: string) =>
      (
        await sluice().sql<{ hash: string }>(
          "SELECT DISTINCT encode(text_hash, 'hex') AS hash FROM sluice.chunks WHERE version_id = $1",
          [versionId],
        )
      ).map(row => row.hash)
    const [ofOne, ofTwo] = [await hashes(one.live?.versionId), await hashes(two.live?.versionId)]
    const both = ofOne.filter(hash => ofTwo.includes(hash))
    assert.ok(both.length > 0 && both.length < ofOne.length, 'some chunks are shared, some are not')

    assert.equal((await sluice().request('DELETE', `/v1/documents/${one.documentId}`)).status, 204)
    assert.deepEqual(await countRows(one.documentId), nothing)
    assert.deepEqual(await orphans(), [])
    const kept = await sluice().sql<{ hash: string }>("SELECT encode(text_hash, 'hex') AS hash FROM sluice.embeddings")
    const vectors = new Set(kept.map(row => row.hash))
    assert.ok(
      ofTwo.every(hash => vectors.has(hash)),
      'the other document kept all of its vectors',
    )
    assert.ok(ofOne.every(hash => both.includes(hash) || !vectors.has(hash)))

    assert.equal((await sluice().request('GET', `/v1/documents/${one.documentId}`)).status, 404)
    assert.equal((await sluice().request('GET', `/v1/jobs/${one.job.jobId}`)).status, 404)
    const { hits } = await sluice().search('zebras and the same sentence', { k: 50 })
    assert.ok(hits.every(hit => hit.documentId !== one.documentId))
    assert.ok(hits.some(hit => hit.documentId === two.documentId && hit.scoreParts.vector))
    const spent = await sluice().sql('SELECT 1 FROM sluice.ledger_entries WHERE document_id = $1', [one.documentId])
    assert.ok(spent.length > 0, 'what was spent was spent')
    assert.equal((await sluice().request('DELETE', `/v1/documents/${one.documentId}`)).status, 404)
  })

  test('a document can be deleted while it is worked on, and its bytes sent again', async () => {
    const text = longText(6)
    const { body } = await sluice().upload('busy.md', text, { idempotencyKey: 'busy' })
    await reaches(body.document.job.jobId, 'running')
    assert.equal((await sluice().request('DELETE', `/v1/documents/${body.document.documentId}`)).status, 204)
    const again = await sluice().upload('busy.md', text, { idempotencyKey: 'busy' })
    assert.equal(again.status, 201)
    assert.notEqual(again.body.document.documentId, body.document.documentId)
    await reaches(again.body.document.job.jobId, 'succeeded')
    assert.deepEqual(await countRows(body.document.documentId), nothing)
    assert.deepEqual(await orphans(), [])
  })
})
