import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Comparison } from '../src/contract/comparison.ts'
import type { JobView } from '../src/contract/job-view.ts'
import { onBothDatabases } from './harness/databases.ts'
import { until } from './harness/until.ts'
import { usePaidCloud } from './harness/use-paid-cloud.ts'

const text = ['Wells', 'Pumps', 'Meters', 'Valves', 'Tanks', 'Filters']
  .map(thing => `# ${thing}\n\n${thing} are looked at once a year, and what is found about ${thing} is written down.`)
  .join('\n\n')

onBothDatabases('comparing routes', createPlace => {
  const { sluice, cloud } = usePaidCloud(createPlace, { impatient: true, environment: { SLUICE_PARSE_MODE: 'local' } })
  const version = async (documentId: string, routing: object) => {
    const chunking = { maxTokens: 32, overlapTokens: 0 }
    const path = `/v1/documents/${documentId}/versions`
    const { body } = await sluice().request<{ job: JobView }>('POST', path, { chunking, routing })
    await until('it is complete', async () => (await sluice().job(body.job.jobId)).state === 'succeeded')
    return body.job.versionId
  }
  const compare = (a: string, b: string, client = sluice()) =>
    client.request<Comparison>('GET', `/v1/comparisons/${a}/${b}`)

  test('two routes are run without touching what is searched, and told side by side', async () => {
    const { documentId, live } = await sluice().ingest('things.md', text)
    const a = await version(documentId, { parse: 'local', publish: false })
    const b = await version(documentId, { parse: 'real', embed: 'mock', publish: false })
    assert.equal((await sluice().document(documentId)).live?.versionId, live?.versionId)
    const { body } = await compare(a, b)
    assert.equal(body.a.provenance.parse.provider, 'local')
    assert.equal(body.b.provenance.parse.provider, 'llamaparse')
    assert.equal(body.b.costNanoUsd, '3750000')
    assert.deepEqual([body.similarity.words, body.similarity.inOrder, body.mostDifferentPage], [1, 1, null])
    assert.equal(body.neighbours?.agreement, 1)
    assert.ok(body.a.chunks >= 6)
    const parse = body.b.stages.find(stage => stage.stage === 'parse')
    assert.ok((parse?.providerMs ?? 0) > 0 && (parse?.waitedMs ?? 0) > 0)
    assert.deepEqual([body.a.reused, body.b.reused], [true, false])
    assert.equal(cloud().simulator.counters().requests.upload, 1)
  })

  test('an incomplete version, one of another tenant, and two documents are refused', async () => {
    const one = await sluice().ingest('one.md', '# One\n\nThe first of them.')
    const two = await sluice().ingest('two.md', '# Two\n\nThe second of them.')
    const [a, b] = [one.live?.versionId ?? '', two.live?.versionId ?? '']
    assert.equal((await compare(a, b)).status, 400)
    const other = await sluice().clientOf('other')
    assert.equal((await other.request('GET', `/v1/comparisons/${a}/${a}`)).status, 404)
    const refused = await sluice().upload('x.md', 'x', { routing: { embed: 'local' } })
    assert.equal(refused.status, 400)
  })
})
