import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DocumentDetail } from '../src/contract/document-view.ts'
import { isTerminal } from '../src/contract/job.ts'
import type { JobView } from '../src/contract/job-view.ts'
import type { ReembeddingView } from '../src/contract/reembedding.ts'
import type { AuditEvent } from '../src/contract/routing.ts'
import { onBothDatabases, onEitherDatabase } from './harness/databases.ts'
import { makeDue } from './harness/make-due.ts'
import type { Client } from './harness/sluice-under-test.ts'
import { writeMarkdown } from './harness/texts.ts'
import { until } from './harness/until.ts'
import { usePaidCloud } from './harness/use-paid-cloud.ts'
import { useSluice } from './harness/use-sluice.ts'

type Refusal = DocumentDetail & { code?: string; detail?: string }
const rollBack = (client: Client, documentId: string, versionId: string, body: object = {}, query = '') =>
  client.request<Refusal>('POST', `/v1/documents/${documentId}/versions/${versionId}/rollback${query}`, body)
const startVersion = async (client: Client, documentId: string, wish: object) =>
  (await client.request<{ versionId: string; job: JobView }>('POST', `/v1/documents/${documentId}/versions`, wish)).body
const liveOf = async (client: Client, documentId: string) => (await client.document(documentId)).live?.versionId
const ended = (client: Client, { jobId }: { jobId: string }) =>
  until('the job has ended', async () => isTerminal((await client.job(jobId)).state))

onBothDatabases('rollback', createPlace => {
  const sluice = useSluice(createPlace)
  const twoVersions = async (seed: number) => {
    const document = await sluice().ingest(`doc-${seed}.md`, writeMarkdown(seed, 6, 80))
    const { documentId } = document
    const first = document.live?.versionId ?? assert.fail('nothing is live')
    const { versionId: second, job } = await startVersion(sluice(), documentId, { chunking: { maxTokens: 64 } })
    await ended(sluice(), job)
    return { documentId, first, second }
  }
  const versionsFound = async (documentId: string) => {
    const { hits } = await sluice().search('Section text', { k: 50, filters: { documentIds: [documentId] } })
    return [...new Set(hits.map(hit => hit.versionId))]
  }

  test('an earlier version is searched again, by one request, and the later one after another', async () => {
    const { documentId, first, second } = await twoVersions(1)
    assert.deepEqual(await versionsFound(documentId), [second])
    const { status, body } = await rollBack(sluice(), documentId, first, { reason: 'the small chunks lose context' })
    assert.equal(status, 200)
    assert.equal(body.live?.versionId, first)
    assert.ok(body.live?.rolledBackAt)
    assert.deepEqual(await versionsFound(documentId), [first])
    assert.deepEqual(
      body.versions.map(({ versionId, live, rolledBackAt }) => [versionId, live, rolledBackAt !== null]),
      [
        [second, false, false],
        [first, true, true],
      ],
    )
    assert.equal((await rollBack(sluice(), documentId, second)).body.live?.versionId, second)
    assert.deepEqual(await versionsFound(documentId), [second])
  })

  test('it is audited with its reason and told as an event, and the same again is neither', async () => {
    const { documentId, first, second } = await twoVersions(2)
    for (let i = 0; i < 2; i++)
      assert.equal((await rollBack(sluice(), documentId, first, { reason: 'worse' })).status, 200)
    const { body } = await sluice().request<{ events: AuditEvent[] }>('GET', '/v1/audit')
    const own = body.events.filter(event => event.action === 'document_rollback' && event.subject === documentId)
    assert.deepEqual(
      own.map(({ actor, details }) => [actor, details]),
      [['process', { from: second, to: first, reason: 'worse' }]],
    )
    const told = await sluice().sql<{ data: object }>(
      `SELECT data FROM sluice.events WHERE kind = 'document' AND document_id = $1 AND data->>'change' = 'live' ORDER BY event_id`,
      [documentId],
    )
    assert.deepEqual(told.at(-1)?.data, { change: 'live', liveVersionId: first })
    assert.equal(told.length, 3)
  })

  test('what is asked for afterwards goes live as always, also what was under way', async () => {
    const { documentId, first } = await twoVersions(3)
    sluice().simulator.inject({ kind: 'rate_limited', retryAfterMs: 100_000 })
    const underWay = await startVersion(sluice(), documentId, { chunking: { maxTokens: 100 } })
    await until('it waits', async () => (await sluice().job(underWay.job.jobId)).state === 'retrying')
    assert.equal((await rollBack(sluice(), documentId, first)).status, 200)
    await makeDue(sluice())
    await ended(sluice(), underWay.job)
    const { live } = await sluice().document(documentId)
    assert.equal(live?.versionId, underWay.versionId)
    assert.equal(live?.rolledBackAt, null)
  })

  test('what cannot be searched is refused, and what is live stays', async () => {
    const { documentId, first, second } = await twoVersions(4)
    const other = await twoVersions(5)
    const { body: foreign, status } = await rollBack(sluice(), documentId, other.first)
    assert.deepEqual([status, foreign.code], [404, 'version_not_found'])
    assert.equal((await rollBack(sluice(), first, first)).body.code, 'document_not_found')
    const compared = await startVersion(sluice(), documentId, {
      chunking: { maxTokens: 80 },
      routing: { publish: false },
    })
    await ended(sluice(), compared.job)
    const refused = await rollBack(sluice(), documentId, compared.versionId)
    assert.deepEqual([refused.status, refused.body.code], [409, 'rollback_refused'])
    assert.match(refused.body.detail ?? '', /made to be compared only/)
    sluice().simulator.inject({ kind: 'rate_limited', retryAfterMs: 100_000 })
    const unfinished = await startVersion(sluice(), documentId, { chunking: { maxTokens: 90 } })
    await until('it waits', async () => (await sluice().job(unfinished.job.jobId)).state === 'retrying')
    const early = await rollBack(sluice(), documentId, unfinished.versionId)
    assert.match(early.body.detail ?? '', /never complete: its job is retrying/)
    assert.equal(await liveOf(sluice(), documentId), second)
    await sluice().request('POST', `/v1/jobs/${unfinished.job.jobId}/cancel`)
  })

  test('after a re-embedding only a version whose texts have vectors in the new space can be live again', async () => {
    const { documentId, first, second } = await twoVersions(6)
    const same = await startVersion(sluice(), documentId, { chunking: { maxTokens: 64 } })
    await ended(sluice(), same.job)
    const { body: started } = await sluice().request<ReembeddingView>('POST', '/v1/reembeddings', {
      target: { dimensions: 512 },
    })
    await until('search uses the new space', async () => {
      const { body } = await sluice().request<ReembeddingView>('GET', `/v1/reembeddings/${started.reembeddingId}`)
      return body.state === 'succeeded'
    })
    const { status, body } = await rollBack(sluice(), documentId, first)
    assert.deepEqual([status, body.code], [409, 'rollback_refused'])
    assert.match(body.detail ?? '', /of its \d+ chunks have no vector in \S+-512-\S+, the space that search uses now/)
    assert.equal(await liveOf(sluice(), documentId), same.versionId)
    assert.equal((await rollBack(sluice(), documentId, second)).status, 200)
    assert.deepEqual(await versionsFound(documentId), [second])
    const { hits } = await sluice().search('Section text', { filters: { documentIds: [documentId] } })
    assert.ok(hits.some(hit => hit.scoreParts.vector !== null && hit.provenance.embed.dimensions === 512))
  })

  test('pages and chunks of a version that is not live are read by naming it', async () => {
    const { documentId, first, second } = await twoVersions(7)
    const read = async (rest: string) =>
      (
        await sluice().request<{ chunks: { tokenCount: number }[] }>(
          'GET',
          `/v1/documents/${documentId}/pages/1/${rest}`,
        )
      ).body.chunks
    const [large, small] = [await read(`chunks?version=${first}`), await read(`chunks?version=${second}`)]
    assert.ok(large.length < small.length)
    assert.deepEqual(small, await read('chunks'))
    const page = await sluice().request<{ markdown: string }>(
      'GET',
      `/v1/documents/${documentId}/pages/1?version=${first}`,
    )
    assert.match(page.body.markdown, /Section/)
    const { versions } = await sluice().document(documentId)
    assert.deepEqual(
      versions.map(version => version.pageCount),
      [1, 1],
    )
    const unknown = await sluice().request<Refusal>('GET', `/v1/documents/${documentId}/pages/1?version=${documentId}`)
    assert.deepEqual([unknown.status, unknown.body.code], [404, 'version_not_found'])
  })

  test('a key of another tenant is told that there is no such document', async () => {
    const { documentId, first } = await twoVersions(8)
    const stranger = await sluice().clientOf('stranger')
    assert.equal((await rollBack(stranger, documentId, first)).body.code, 'document_not_found')
    assert.equal((await rollBack(stranger, documentId, first, {}, '?tenant=default')).status, 403)
  })
})

onEitherDatabase('rollback and upgrades', createPlace => {
  const { sluice, cloud } = usePaidCloud(createPlace, {
    impatient: true,
    environment: { SLUICE_PARSE_MODE: 'hybrid', SLUICE_ROUTING_POLICY: 'balanced' },
  })
  const table = (name: string) =>
    `| ${name} | Depth |\n| --- | --- |\n| North field | 31 metres |\n| South field | 44 metres |`
  const readBy = async (documentId: string) => {
    const { live } = await sluice().document(documentId)
    return live?.provenance.parse.provider
  }
  /** Comes in while LlamaParse is down, is read here, and is read again by it. */
  const upgraded = async (name: string) => {
    cloud().outage = { kind: 'down', uploads: 0 }
    const { documentId, live } = await sluice().ingest(`${name}.md`, table(name))
    assert.equal(live?.provenance.parse.provisional, true)
    cloud().outage = null
    await sluice().sql(
      `UPDATE sluice.holds SET dispatched_at = dispatched_at - interval '1 hour' WHERE state = 'unknown'`,
    )
    await until('LlamaParse has read it', async () => (await readBy(documentId)) === 'llamaparse')
    return { documentId, provisional: live?.versionId ?? '' }
  }

  test('a provisional version that somebody rolled back to is not done again by itself', async () => {
    const { documentId, provisional } = await upgraded('rolled-back')
    assert.equal((await rollBack(sluice(), documentId, provisional)).status, 200)
    await upgraded('another')
    const { live, versions } = await sluice().document(documentId)
    assert.equal(live?.versionId, provisional)
    assert.equal(versions.length, 2, 'no other upgrade was begun')
  })

  test('an upgrade that ends after a rollback leaves it alone', async () => {
    const { documentId, live } = await sluice().ingest('valves.md', table('Valves'), { routing: { parse: 'local' } })
    const first = live?.versionId ?? ''
    cloud().outage = { kind: 'down', uploads: 0 }
    const second = await startVersion(sluice(), documentId, {})
    await ended(sluice(), second.job)
    assert.equal((await sluice().document(documentId)).live?.provenance.parse.provisional, true)
    let rolledBack = 0
    cloud().beforeUploadIsAnswered = async () => {
      cloud().beforeUploadIsAnswered = null
      rolledBack = (await rollBack(sluice(), documentId, first)).status
    }
    cloud().outage = null
    await sluice().sql(
      `UPDATE sluice.holds SET dispatched_at = dispatched_at - interval '1 hour' WHERE state = 'unknown'`,
    )
    const upgrade = await until('the upgrade has ended', async () => {
      const { job } = await sluice().document(documentId)
      return job.versionId !== second.versionId && isTerminal(job.state) && job
    })
    assert.deepEqual([rolledBack, upgrade.state], [200, 'succeeded'])
    assert.equal(await liveOf(sluice(), documentId), first)
  })
})
