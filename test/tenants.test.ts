import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { DocumentDetail } from '../src/contract/document-view.ts'
import { cancelJob, retryJob } from '../src/jobs/change-job.sql.ts'
import { claimJobs } from '../src/jobs/move-jobs.sql.ts'
import { onBothDatabases } from './harness/databases.ts'
import type { Client } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'

const nobodys = '0199aaaa-0000-7000-8000-000000000000'

onBothDatabases('tenants', createPlace => {
  const sluice = useSluice(createPlace)
  const text = '# Merger\n\nThe merger with Borealis closes in spring.\n'
  let owner: Client
  let stranger: Client
  let document: DocumentDetail
  before(async () => {
    owner = await sluice().clientOf('owner')
    stranger = await sluice().clientOf('stranger')
    document = await owner.ingest('merger.md', text, { metadata: { secret: true } })
    assert.ok(document.live)
  })

  test('I29: the same bytes from another tenant are another document, parsed and paid for by itself', async () => {
    const other = await sluice().clientOf('same-bytes')
    const answer = await other.upload('copy.md', text)
    assert.equal(answer.status, 201, 'it must not tell that somebody has these bytes already')
    assert.notEqual(answer.body.document.documentId, document.documentId)
    assert.equal(answer.body.document.sha256, document.sha256)
    assert.deepEqual(answer.body.document.metadata, {})
    const copy = await other.ingest('copy.md', text)
    assert.deepEqual(
      copy.costs.map(line => [line.service, line.calls]),
      [
        ['embed', 1],
        ['parse', 1],
      ],
    )
    assert.equal((await owner.document(document.documentId)).fileName, 'merger.md')
  })

  test('I29: the hash is that of the bytes that came, whatever the client says', async () => {
    const form = new FormData()
    form.append('sha256', document.sha256)
    form.append('file', new Blob(['nothing of the kind']), 'claim.txt')
    const headers = { 'x-content-sha256': document.sha256, digest: `sha-256=${document.sha256}` }
    const answer = await stranger.request<{ document: DocumentDetail }>('POST', '/v1/documents', form, headers)
    assert.equal(answer.status, 201)
    assert.notEqual(answer.body.document.sha256, document.sha256)
  })

  test('I30: a tenant cannot see, change or end anything of another: it is told that there is nothing', async () => {
    const { documentId, job } = document
    const attempts = [
      ['GET', `/v1/documents/${documentId}`],
      ['GET', `/v1/documents/${documentId}/pages/1`],
      ['POST', `/v1/documents/${documentId}/versions`],
      ['DELETE', `/v1/documents/${documentId}`],
      ['GET', `/v1/jobs/${job.jobId}`],
      ['POST', `/v1/jobs/${job.jobId}/cancel`],
      ['POST', `/v1/jobs/${job.jobId}/retry`],
    ] as const
    const admin: Client = sluice()
    for (const client of [stranger, admin]) {
      for (const [method, path] of attempts) {
        const answer = await client.request<{ code: string; detail: string }>(method, path)
        assert.equal(answer.status, 404, `${method} ${path}`)
        const missing = await client.request<{ code: string; detail: string }>(
          method,
          path.replace(/[0-9a-f-]{36}/, nobodys),
        )
        const told = ({ body }: typeof answer) => [body.code, body.detail.replace(/[0-9a-f-]{36}/, '')]
        assert.deepEqual(told(answer), told(missing), 'it tells that something is there')
      }
    }
    assert.deepEqual(await owner.document(documentId), document)
  })

  test('I30: the statements that change a job ask for its tenant themselves', async () => {
    const { body } = await owner.upload('second.md', '# Second\n\nAnother note.\n')
    const { jobId } = body.document.job
    await owner.settled()
    const before = await owner.job(jobId)
    const key = { tenantId: 'stranger', jobId }
    await sluice().database.transaction(async session => {
      assert.equal(await retryJob(session, key), null)
      assert.equal(await cancelJob(session, key), null)
    })
    await sluice().sql(
      `UPDATE sluice.jobs SET state = 'queued', finished_at = NULL, deadline_at = now() + interval '1 hour'
      WHERE job_id = $1`,
      [jobId],
    )
    assert.equal(await sluice().database.transaction(session => cancelJob(session, key)), null)
    assert.deepEqual(await claimJobs(sluice().database, before.stage, [key], jobId, 1_000), [])
    await owner.request('POST', `/v1/jobs/${jobId}/cancel`)
  })

  test('I30: lists and searches show only what is the tenant’s own', async () => {
    for (const client of [stranger, sluice()]) {
      const listed = await client.request<{ items: { documentId: string }[] }>('GET', '/v1/documents')
      assert.ok(listed.body.items.every(item => item.documentId !== document.documentId))
      const jobs = await client.request<{ items: { documentId: string }[] }>(
        'GET',
        `/v1/jobs?documentId=${document.documentId}`,
      )
      assert.deepEqual(jobs.body.items, [])
      const { hits } = await client.search('merger with Borealis', { filters: { documentIds: [document.documentId] } })
      assert.deepEqual(hits, [])
      assert.deepEqual(
        (await client.search('merger with Borealis')).hits.filter(hit => hit.metadata.secret),
        [],
      )
    }
    assert.equal((await owner.search('merger with Borealis')).hits[0]?.documentId, document.documentId)
  })

  test('I30: an Idempotency-Key of one tenant means nothing to another', async () => {
    const mine = await owner.upload('mine.txt', 'a note of the owner', { idempotencyKey: 'note-1' })
    const theirs = await stranger.upload('theirs.txt', 'a note of the stranger', { idempotencyKey: 'note-1' })
    assert.deepEqual([mine.status, theirs.status], [201, 201])
  })

  test('I30: a tenant’s name cannot lead out of its folder', async () => {
    for (const tenantId of ['../owner', 'a/b', '..', '', 'Owner', 'a'.repeat(64)]) {
      const { status } = await sluice().request('POST', '/v1/keys', { tenantId, name: 'test' })
      assert.equal(status, 400, tenantId)
    }
  })

  test('only an admin key manages keys', async () => {
    const attempts = [
      ['GET', '/v1/keys', undefined],
      ['POST', '/v1/keys', { tenantId: 'stranger', name: 'more', role: 'admin' }],
      ['DELETE', `/v1/keys/owner/${nobodys}`, undefined],
      ['GET', '/v1/doctor', undefined],
    ] as const
    for (const [method, path, body] of attempts)
      assert.equal((await stranger.request(method, path, body)).status, 403, `${method} ${path}`)
  })
})
