import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createEndpointServer, serverKey, serverRules } from '../src/providers/openai/__fixtures__/endpoint-servers.ts'
import type { EndpointName } from '../src/providers/openai/endpoint-profiles.ts'
import { onEitherDatabase } from './harness/databases.ts'
import { serveHandler } from './harness/serve-handler.ts'
import { startSluice } from './harness/sluice-under-test.ts'

/** A whole Sluice in front of servers that speak OpenAI's protocol their own way. */
onEitherDatabase('embeddings by other providers', createPlace => {
  const closing: (() => Promise<unknown>)[] = []
  after(async () => {
    for (const close of closing.reverse()) await close()
  })

  async function startWith(name: EndpointName, environment: Record<string, string>, priceFile?: object) {
    const place = await createPlace()
    closing.push(() => place.remove())
    const server = createEndpointServer(name)
    const { url } = serverRules[name]
    const served = await serveHandler(async request => {
      const { search } = new URL(request.url)
      const { method, headers } = request
      return await server.fetch(new Request(url + search, { method, headers, body: await request.text() }))
    })
    closing.push(served.close)
    const priceList = join(place.dataDir, 'prices.json')
    if (priceFile) await writeFile(priceList, JSON.stringify(priceFile))
    const sluice = await startSluice(place, {
      SLUICE_EMBED_MODE: 'real',
      SLUICE_EMBED_PROVIDER: name,
      SLUICE_EMBED_BASE_URL: served.url,
      SLUICE_EMBED_MODEL: 'a-model',
      SLUICE_EMBED_DIMENSIONS: '8',
      ...(priceFile && { SLUICE_PRICE_LIST: priceList }),
      ...environment,
    })
    closing.push(sluice.close)
    return { sluice, server }
  }

  test('Ollama: a document is embedded and found, free and not simulated', async () => {
    const { sluice, server } = await startWith('ollama', {})
    const { live, costs, job } = await sluice.ingest('gate.txt', 'The gate is opened on Mondays.')
    assert.equal(job.error, null)
    const { provider, model, simulated } = live?.provenance.embed ?? {}
    assert.deepEqual([provider, model, simulated], ['ollama', 'a-model', false])
    assert.deepEqual(new Set(costs.map(line => line.costNanoUsd)), new Set(['0']))
    const { hits } = await sluice.search('When is the gate opened?')
    assert.match(hits[0]?.text ?? '', /Mondays/)
    assert.ok(server.bodies.length >= 2)
  })

  test('P6: a paid provider without a price is asked nothing', async () => {
    const { sluice, server } = await startWith('voyage', { SLUICE_EMBED_KEY: serverKey })
    const { job } = await sluice.ingest('gate.txt', 'The gate is opened on Mondays.')
    assert.equal(job.error?.code, 'call_unpriceable')
    assert.deepEqual(server.bodies, [])
  })

  test('P5: with a price it is paid for what it counted itself, and holds the most before', async () => {
    const price = { provider: 'voyage', operation: 'embed', model: 'a-model', unit: 'token' }
    const paid = { nanoUsd: '60000000', perUnits: '1000000', effectiveFrom: '2026-01-01', source: 'voyageai.com' }
    // 60 nano-dollars a token: "The gate is opened on Mondays." has 7 tokens of ours, so at most 23 of theirs, and really 6.
    const set = { SLUICE_EMBED_KEY: serverKey, SLUICE_BUDGETS: '$0.00000137 service=embed policy=reject' }
    const file = { prices: [{ ...price, ...paid }] }
    const { sluice: poor, server } = await startWith('voyage', set, file)
    const refused = await poor.ingest('gate.txt', 'The gate is opened on Mondays.')
    assert.equal(refused.job.error?.code, 'budget_exhausted')
    assert.deepEqual(server.bodies, [])
    const { sluice } = await startWith(
      'voyage',
      { ...set, SLUICE_BUDGETS: '$0.00000138 service=embed policy=reject' },
      file,
    )
    const { costs, job } = await sluice.ingest('gate.txt', 'The gate is opened on Mondays.')
    assert.equal(job.error, null)
    const [line] = costs.filter(one => one.service === 'embed')
    assert.deepEqual([line?.provider, line?.units, line?.costNanoUsd], ['voyage', '6', '360'])
  })
})
