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
    assert.deepEqual((await claimJobs(sluice().database, before.stage, [key], jobId, 1_000)).claims, [])
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

  test('an admin key may name one other tenant, and sees and changes what is that one’s', async () => {
    const admin = sluice()
    const named = '?tenant=owner'
    const { documentId } = await owner.ingest('named.md', '# Named\n\nThe northern gate is painted green.\n')
    const detail = await admin.request<DocumentDetail>('GET', `/v1/documents/${documentId}${named}`)
    assert.deepEqual(detail.body, await owner.document(documentId))
    const listed = await admin.request<{ items: { documentId: string }[] }>('GET', `/v1/documents${named}&name=named`)
    assert.deepEqual(
      listed.body.items.map(item => item.documentId),
      [documentId],
    )
    const page = await admin.request<{ markdown: string }>('GET', `/v1/documents/${documentId}/pages/1${named}`)
    assert.match(page.body.markdown, /northern gate/)
    const found = await admin.request<{ hits: { documentId: string }[] }>('POST', `/v1/search${named}`, {
      query: 'Which gate is green?',
    })
    assert.equal(found.body.hits[0]?.documentId, documentId)
    const again = await admin.request<{ job: { jobId: string } }>(
      'POST',
      `/v1/documents/${documentId}/versions${named}`,
      {},
    )
    assert.equal(again.status, 202)
    await owner.settled()
    const explained = await admin.request('GET', `/v1/jobs/${again.body.job.jobId}/explanation${named}`)
    assert.equal(explained.status, 200)
    const form = new FormData()
    form.append('file', new Blob(['brought in for the owner']), 'brought.txt')
    const brought = await admin.request<{ document: DocumentDetail }>('POST', `/v1/documents${named}`, form)
    assert.equal((await owner.document(brought.body.document.documentId)).fileName, 'brought.txt')
    const removed = `/v1/documents/${brought.body.document.documentId}`
    assert.equal((await admin.request('DELETE', removed + named)).status, 204)
    assert.equal((await owner.request('GET', removed)).status, 404)
  })

  test('overview, failures, jobs, calls and audit are those of the tenant that is named', async () => {
    await owner.ingest('broken.pdf', '%PDF-1.7 and nothing else')
    const span = `from=${new Date(Date.now() - 3_600_000).toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`
    for (const path of [`/v1/overview?${span}`, `/v1/failures?${span}`, '/v1/jobs?limit=50']) {
      const mine = await owner.request('GET', path)
      assert.deepEqual((await sluice().request('GET', `${path}&tenant=owner`)).body, mine.body, path)
      assert.notDeepEqual((await sluice().request('GET', path)).body, mine.body, path)
    }
    for (const path of ['/v1/calls', '/v1/audit'])
      assert.deepEqual(
        (await sluice().request('GET', `${path}?tenant=owner`)).body,
        (await owner.request('GET', path)).body,
      )
  })

  test('a member may name nobody but itself, and an admin nobody that there is not', async () => {
    const { documentId } = document
    const span = 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z'
    const reads = [
      '/v1/documents?',
      `/v1/documents/${documentId}?`,
      '/v1/jobs?',
      `/v1/overview?${span}&`,
      '/v1/calls?',
      '/v1/audit?',
    ]
    for (const path of reads) {
      assert.equal((await stranger.request('GET', `${path}tenant=owner`)).status, 403, path)
      assert.notEqual((await stranger.request('GET', `${path}tenant=stranger`)).status, 403, path)
    }
    for (const [method, path, body] of [
      ['POST', '/v1/search', { query: 'merger' }],
      ['DELETE', `/v1/documents/${documentId}`, undefined],
      ['POST', `/v1/documents/${documentId}/versions`, {}],
      ['POST', `/v1/jobs/${document.job.jobId}/retry`, undefined],
    ] as const)
      assert.equal((await stranger.request(method, `${path}?tenant=owner`, body)).status, 403, path)
    const nobody = await sluice().request<{ code: string }>('GET', '/v1/documents?tenant=nobody')
    assert.deepEqual([nobody.status, nobody.body.code], [404, 'tenant_not_found'])
    const { body } = await sluice().request<{ tenants: { tenantId: string }[] }>('GET', '/v1/tenants')
    assert.ok(['default', 'owner', 'stranger'].every(id => body.tenants.some(({ tenantId }) => tenantId === id)))
  })

  test('only an admin key manages keys', async () => {
    const attempts = [
      ['GET', '/v1/keys', undefined],
      ['POST', '/v1/keys', { tenantId: 'stranger', name: 'more', role: 'admin' }],
      ['DELETE', `/v1/keys/owner/${nobodys}`, undefined],
      ['GET', '/v1/doctor', undefined],
      ['GET', '/v1/tenants', undefined],
    ] as const
    for (const [method, path, body] of attempts)
      assert.equal((await stranger.request(method, path, body)).status, 403, `${method} ${path}`)
  })
})
