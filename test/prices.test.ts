import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { PriceListView } from '../src/contract/price-list.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'

const own = {
  provider: 'openai',
  operation: 'embed',
  model: 'text-embedding-3-small',
  unit: 'token',
  nanoUsd: '7',
  perUnits: 3,
  effectiveFrom: '2026-01-01',
  source: 'our contract of 2025',
}

onBothDatabases('prices', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  let path: string
  before(async () => {
    place = await createPlace()
    path = join(place.dataDir, 'prices.json')
    await writeFile(path, JSON.stringify({ prices: [own, { ...own, effectiveFrom: '2999-01-01', nanoUsd: 1 }] }))
    sluice = await startSluice(place, { SLUICE_PRICE_LIST: path })
  })
  after(async () => {
    await sluice?.close()
    await place.remove()
  })

  test('a price of one’s own prices calls, and is shown with its source beside those that it overrides', async () => {
    const document = await sluice.ingest('pumps.md', '# Pumps\n\nThe pump lifts water to the reservoir.\n')
    const embed = document.costs.find(line => line.service === 'embed') ?? assert.fail('nothing was embedded')
    assert.equal(BigInt(embed.shadowNanoUsd), (BigInt(embed.units) * 7n + 2n) / 3n, 'rounded up')
    assert.equal(sluice.simulator.counters().chargedNanoUsd, BigInt(embed.shadowNanoUsd), 'what the bill would say')

    const { body } = await sluice.request<PriceListView>('GET', '/v1/prices')
    const small = body.prices.filter(price => price.model === own.model)
    assert.deepEqual(
      small.map(({ origin, effectiveFrom, inForce, nanoUsd, source }) => [
        origin,
        effectiveFrom,
        inForce,
        nanoUsd,
        source,
      ]),
      [
        ['file', '2999-01-01', false, '1', own.source],
        ['file', '2026-01-01', true, '7', own.source],
        ['built-in', '2024-01-25', false, '20000000', 'https://openai.com/api/pricing (as of 2026-11)'],
      ],
    )
    const large = body.prices.find(price => price.model === 'text-embedding-3-large')
    assert.deepEqual([large?.origin, large?.inForce], ['built-in', true])
  })

  test('I20: a price list with faults stops the start, naming the file and each entry', async () => {
    const faulty = join(place.dataDir, 'faulty.json')
    await writeFile(faulty, JSON.stringify({ prices: [own, { ...own, effectiveFrom: '2026-02-01', nanoUsd: 0.5 }] }))
    await assert.rejects(startSluice(place, { SLUICE_PRICE_LIST: faulty }), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'configuration_invalid')
      assert.match(
        error.message,
        /faulty\.json \(SLUICE_PRICE_LIST\) has faults: entry 2 \(text-embedding-3-small\): nanoUsd/,
      )
      assert.doesNotMatch(error.message, /entry 1/)
      return true
    })
    const missing = join(place.dataDir, 'missing.json')
    await assert.rejects(startSluice(place, { SLUICE_PRICE_LIST: missing }), {
      code: 'configuration_invalid',
      message: /missing\.json .* cannot be read: ENOENT/,
    })
  })

  test('the API document has both answers of the costs, and the prices', async () => {
    const { body } = await sluice.request<{ paths: Record<string, { get: object }> }>('GET', '/openapi.json')
    const text = JSON.stringify(body.paths['/v1/costs']?.get)
    for (const part of ['"application/json"', '"text/csv"', '"name":"timeZone"', '"sums"', '"calls"', '"name":"by"'])
      assert.ok(text.includes(part), part)
    assert.ok(JSON.stringify(body.paths['/v1/prices']?.get).includes('"inForce"'))
  })

  test('P6: a model without a price is refused before anything is sent, and the job says so', async () => {
    await sluice.close()
    sluice = await startSluice(place, { SLUICE_EMBED_MODEL: 'text-embedding-9' })
    // A tenant that has documents stays in their space, whose model has a price.
    const fresh = await sluice.clientOf('fresh')
    const { job } = await fresh.ingest('valves.md', '# Valves\n\nA butterfly valve closes the main.\n')
    assert.deepEqual([job.state, job.error?.code], ['failed', 'call_unpriceable'])
    const today = new Date().toISOString().slice(0, 10)
    assert.equal(job.error?.message, `There is no price for embed by openai "text-embedding-9" on ${today}.`)
    assert.equal(sluice.simulator.counters().requests, 0)
  })
})
