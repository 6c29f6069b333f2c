import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'

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

  test('I5: after a change of the configured vector size, search says that it is degraded and still finds by words', async () => {
    await restart({ SLUICE_EMBED_DIMENSIONS: '512' })
    const { method, degraded, space, hits } = await sluice.search('ventilated turbine')
    assert.equal(method, 'full_text')
    assert.match(degraded ?? '', /-1536-.*-512-/)
    assert.equal(space, null)
    assert.equal(hits[0]?.fileName, 'turbine.md')
    assert.equal(hits[0]?.scoreParts.vector, null)
    assert.equal(sluice.simulator.counters().requests, 0, 'no query was embedded in the wrong space')
  })

  test('I5: documents of two spaces live side by side and are never compared by vector', async () => {
    const other = await sluice.ingest('boiler.md', '# Boiler\n\nThe boiler room is ventilated by two fans.\n')
    assert.equal(other.job.state, 'succeeded')
    assert.equal(other.live?.provenance.embed.dimensions, 512)
    await restart()
    const { method, hits } = await sluice.search('ventilated fans')
    assert.equal(method, 'hybrid')
    const parts = new Map(hits.map(hit => [hit.fileName, hit.scoreParts]))
    assert.ok(parts.get('turbine.md')?.vector)
    assert.equal(parts.get('boiler.md')?.vector, null)
    assert.ok(parts.get('boiler.md')?.fullText, 'it is still found by its words')
  })
})
