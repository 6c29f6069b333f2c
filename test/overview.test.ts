import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { DocumentDetail, DocumentView } from '../src/contract/document-view.ts'
import type { FailureGroup, Overview } from '../src/contract/overview.ts'
import { onBothDatabases } from './harness/databases.ts'
import type { Client } from './harness/sluice-under-test.ts'
import { useSluice } from './harness/use-sluice.ts'

onBothDatabases('overview', createPlace => {
  const sluice = useSluice(createPlace)
  const span = () => {
    const now = Date.now()
    return `from=${new Date(now - 3_600_000).toISOString()}&to=${new Date(now + 60_000).toISOString()}`
  }
  const list = async (query: string, client: Client = sluice()) =>
    (await client.request<{ items: DocumentView[] }>('GET', `/v1/documents?${query}`)).body.items.map(d => d.fileName)
  let good: DocumentDetail
  before(async () => {
    good = await sluice().ingest('pumps.md', '# Pumps\n\nThe pump of the north.\n', { tags: ['works'] })
    await sluice().ingest('broken.pdf', '%PDF-1.7 and then nothing that is one')
    await sluice().ingest('notes.txt', 'Only notes.')
  })

  test('counts what there is and what ended, in buckets that add up', async () => {
    const { body } = await sluice().request<Overview>('GET', `/v1/overview?${span()}`)
    assert.equal(body.documents, 3)
    assert.deepEqual(body.ended, { succeeded: 2, failed: 1, cancelled: 0 })
    assert.equal(
      body.buckets.reduce((total, bucket) => total + bucket.succeeded, 0),
      2,
    )
    assert.equal(body.bucketSeconds, 120)
    assert.ok(body.buckets.length === 31 || body.buckets.length === 32)
    const wrong = await sluice().request('GET', '/v1/overview?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z')
    assert.equal(wrong.status, 400)
  })

  test('groups failures by code and cause, and says what to do', async () => {
    const { body } = await sluice().request<{ failures: FailureGroup[] }>('GET', `/v1/failures?${span()}`)
    assert.equal(body.failures.length, 1)
    const [group] = body.failures
    assert.equal(group?.failedJobs, 1)
    assert.deepEqual(
      group?.documents.map(d => d.fileName),
      ['broken.pdf'],
    )
    assert.notEqual(group?.action, '')
  })

  test('lists documents by state, type, tag and a part of the name', async () => {
    assert.deepEqual(await list('state=failed'), ['broken.pdf'])
    assert.deepEqual(await list('state=succeeded'), ['notes.txt', 'pumps.md'])
    assert.deepEqual(await list('fileType=text'), ['notes.txt'])
    assert.deepEqual(await list('tag=works'), ['pumps.md'])
    assert.deepEqual(await list('name=PUMP'), ['pumps.md'])
    assert.deepEqual(await list('name=%25'), [])
  })

  test('a page’s chunks are pieces of its markdown', async () => {
    const path = `/v1/documents/${good.documentId}/pages/1`
    const { markdown } = (await sluice().request<{ markdown: string }>('GET', path)).body
    const { chunks } = (
      await sluice().request<{ chunks: { start: number; end: number; text: string; headingPath: string[] }[] }>(
        'GET',
        `${path}/chunks`,
      )
    ).body
    assert.ok(chunks.length > 0)
    for (const { start, end, text } of chunks) assert.equal(markdown.slice(start, end), text)
    assert.deepEqual(chunks[0]?.headingPath, ['Pumps'])
  })

  test('I29: another tenant sees none of it', async () => {
    const stranger = await sluice().clientOf('stranger')
    const { body } = await stranger.request<Overview>('GET', `/v1/overview?${span()}`)
    assert.equal(body.documents + body.ended.succeeded + body.ended.failed, 0)
    const failures = await stranger.request<{ failures: unknown[] }>('GET', `/v1/failures?${span()}`)
    assert.deepEqual(failures.body.failures, [])
    const chunks = await stranger.request<{ chunks: unknown[] }>(
      'GET',
      `/v1/documents/${good.documentId}/pages/1/chunks`,
    )
    assert.deepEqual(chunks.body.chunks, [])
    assert.deepEqual(await list('state=failed', stranger), [])
    const { body: caller } = await stranger.request('GET', '/v1/caller')
    assert.equal((caller as { tenantId: string; role: string }).tenantId, 'stranger')
    assert.equal((caller as { role: string }).role, 'member')
  })
})
