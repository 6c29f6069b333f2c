import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createOpenAiSimulator } from '../src/providers/openai/simulator.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { serveHandler } from './harness/serve-handler.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'

const simulatorOptions = {
  countTokens: (text: string) => text.length,
  price: () => 0n,
  nowMs: () => performance.now(),
  latencyMs: 0,
}

onBothDatabases('vector spaces', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  before(async () => {
    place = await createPlace()
    sluice = await startSluice(place)
  })
  after(async () => {
    await sluice.close()
    await place.remove()
  })
  const restart = async (environment: Record<string, string> = {}) => {
    await sluice.close()
    sluice = await startSluice(place, environment)
  }

  test('I5: search before the first document says that there is nothing to compare with', async () => {
    const { hits, method, degraded } = await sluice.search('anything')
    assert.deepEqual(hits, [])
    assert.equal(method, 'full_text')
    assert.match(degraded ?? '', /No document/)
  })

  test('I5: a query is embedded in the space of the documents', async () => {
    await sluice.ingest('turbine.md', '# Turbine\n\nThe turbine hall is ventilated by four fans.\n')
    const { method, degraded, space, hits } = await sluice.search('ventilated turbine')
    assert.equal(method, 'hybrid', degraded ?? '')
    assert.equal(space?.dimensions, 1536)
    assert.ok(hits[0]?.scoreParts.vector)
  })

  test('I5: when the embedding provider is down, search finds by words and says so', async () => {
    sluice.simulator.inject({ kind: 'server_error', status: 503 })
    const { method, degraded, space, hits } = await sluice.search('ventilated turbine')
    assert.equal(method, 'full_text')
    assert.match(degraded ?? '', /provider_unavailable/)
    assert.equal(space, null)
    assert.equal(hits[0]?.fileName, 'turbine.md')
    assert.equal(hits[0]?.scoreParts.vector, null)
  })

  test('I5: another configured vector size is for new tenants: what a tenant has, its new documents and its queries stay in one space', async () => {
    await restart({ SLUICE_EMBED_DIMENSIONS: '512' })
    const other = await sluice.ingest('boiler.md', '# Boiler\n\nThe boiler room is ventilated by two fans.\n')
    assert.equal(other.job.state, 'succeeded')
    assert.equal(other.live?.provenance.embed.dimensions, 1536)
    const { method, degraded, space, hits } = await sluice.search('ventilated fans')
    assert.equal(method, 'hybrid', degraded ?? '')
    assert.equal(degraded, null)
    assert.equal(space?.dimensions, 1536)
    assert.ok(hits.every(hit => hit.scoreParts.vector && hit.provenance.embed.dimensions === 1536))

    const fresh = await sluice.clientOf('fresh')
    const first = await fresh.ingest('pump.md', '# Pump\n\nThe pump room is ventilated by one fan.\n')
    assert.equal(first.live?.provenance.embed.dimensions, 512)
    assert.equal((await fresh.search('ventilated fan')).space?.dimensions, 512)
  })

  test('I5 P19: after a change to real embeddings old documents stay in the simulated space; new ones are never compared with them by vector', async () => {
    const openAi = await serveHandler(createOpenAiSimulator(simulatorOptions).fetch)
    try {
      const real = { SLUICE_EMBED_MODE: 'real', OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${openAi.url}/v1` }
      await restart(real)
      const { live } = await sluice.ingest('chimney.md', '# Chimney\n\nThe chimney is ventilated by the wind.\n')
      assert.equal(live?.provenance.embed.simulated, false)
      const { method, degraded, hits, space } = await sluice.search('ventilated by the wind')
      assert.equal(method, 'hybrid')
      assert.equal(space?.simulated, true)
      assert.match(degraded ?? '', /openai-text-embedding-3-small-1536-2, .*words only.*sluice reembed/)
      const parts = new Map(hits.map(hit => [hit.fileName, hit]))
      assert.equal(parts.get('chimney.md')?.scoreParts.vector, null)
      assert.equal(parts.get('chimney.md')?.provenance.embed.simulated, false)
      assert.ok(parts.get('chimney.md')?.scoreParts.fullText, 'it is still found by its words')
      assert.equal(parts.get('turbine.md')?.provenance.embed.simulated, true)
    } finally {
      await openAi.close()
    }
  })

  test('I5 P19: where nobody can embed in the space of the documents, search says that it is degraded and finds by words', async () => {
    await sluice.sql(
      "UPDATE sluice.vector_spaces SET simulated = false WHERE tenant_id = 'default' AND dimensions = 1536 AND simulated",
    )
    await restart()
    const before = sluice.simulator.counters().requests
    const { method, degraded, space, hits } = await sluice.search('ventilated turbine')
    assert.equal(method, 'full_text')
    assert.match(degraded ?? '', /-1536-.*words were compared/)
    assert.equal(space, null)
    assert.ok(hits.some(hit => hit.fileName === 'turbine.md'))
    assert.equal(sluice.simulator.counters().requests, before, 'no query was embedded in the wrong space')
  })
})
