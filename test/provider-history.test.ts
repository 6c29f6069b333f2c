import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ProviderRecord } from '../src/contract/provider-history.ts'
import type { AccountLimits } from '../src/contract/provider-limits.ts'
import { keepTrafficByHour } from '../src/health/history.sql.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { type OpenAiServer, startOpenAiServer } from './harness/open-ai-server.ts'
import { type Client, type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

const text = (name: string) => `# ${name}\n\nThe ${name} was looked at in spring, and water was found in it.`

onBothDatabases('providers, real beside simulated', createPlace => {
  let place: Place
  let openAi: OpenAiServer
  let sluice: SluiceUnderTest
  let rehearsing: Client
  before(async () => {
    place = await createPlace()
    openAi = await startOpenAiServer()
    sluice = await startSluice(place, openAi.environment)
    await sluice.request('PUT', '/v1/modes/rehearsing/embed', { mode: 'mock' })
    rehearsing = await sluice.clientOf('rehearsing')
    await sluice.ingest('valve.md', text('valve'))
    await sluice.ingest('pump.md', text('pump'))
    await rehearsing.ingest('gauge.md', text('gauge'))
  })
  after(async () => {
    await sluice.close()
    await openAi.close()
    await place.remove()
  })

  const span = () => {
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
    return `from=${at(-24)}&to=${at(1)}`
  }
  const history = async (client: Client = sluice, more = '') =>
    (await client.request<{ records: ProviderRecord[] }>('GET', `/v1/providers/history?${span()}${more}`)).body.records
  const embedding = async (simulated: boolean) =>
    (await history()).find(one => one.service === 'embed' && one.simulated === simulated) ??
    assert.fail('nothing was embedded')
  const openAiLimits = async () =>
    (await sluice.request<{ accounts: AccountLimits[] }>('GET', '/v1/providers/limits')).body.accounts.find(
      one => one.provider === 'openai',
    ) ?? assert.fail('no account of OpenAI')

  test('each says how many calls it made, what a document and a million tokens cost, and how long they took', async () => {
    const [real, mock] = [await embedding(false), await embedding(true)]
    assert.deepEqual([real.provider, real.calls, real.documents, mock.documents], ['openai', 2, 2, 1])
    assert.deepEqual(real.perUnits, { units: 1_000_000, costNanoUsd: '20000000', shadowNanoUsd: '20000000' })
    assert.deepEqual(mock.perUnits, { units: 1_000_000, costNanoUsd: '0', shadowNanoUsd: '20000000' })
    assert.equal(real.total.costNanoUsd, String(Number(real.units) * 20))
    assert.equal(BigInt(real.perDocument?.costNanoUsd ?? 0) * 2n, BigInt(real.total.costNanoUsd))
    assert.deepEqual([real.measured?.calls, real.measured?.answers, real.measured?.faults], [2, 2, 0])
    assert.ok((real.measured?.latencyMs?.p95 ?? 0) > 0)
    assert.equal(mock.measured?.answers, 1)
    const parsing = (await history()).find(one => one.service === 'parse')
    assert.deepEqual([parsing?.provider, parsing?.unit, parsing?.units], ['local', 'page', '3'])
  })

  test('a member sees the books of its own tenant; an admin those of all, or of one', async () => {
    const own = (await history(rehearsing)).filter(one => one.service === 'embed')
    assert.deepEqual(
      own.map(one => [one.simulated, one.documents]),
      [[true, 1]],
    )
    assert.deepEqual(await history(sluice, '&tenant=rehearsing'), await history(rehearsing))
    const { status } = await rehearsing.request('GET', `/v1/providers/history?${span()}&tenant=default`)
    assert.equal(status, 403)
  })

  test('what is kept by the hour is counted once, with the faults that the breaker has forgotten', async () => {
    openAi.outage = { kind: 'down', requests: 0 }
    const late = await sluice.upload('late.md', text('late'))
    await until('it has met a fault', async () => (await sluice.job(late.body.document.job.jobId)).failures > 0)
    openAi.outage = null
    await until('it is done', async () => (await sluice.job(late.body.document.job.jobId)).state === 'succeeded')
    const before = (await embedding(false)).measured ?? assert.fail('nothing was measured')
    assert.ok(before.faults > 0)
    await sluice.sql('UPDATE sluice.provider_traffic SET faults = 0')
    await sluice.sql(`UPDATE sluice.provider_traffic SET span_start = span_start - interval '2 hours'`)
    await Promise.all([keepTrafficByHour(sluice.database), keepTrafficByHour(sluice.database)])
    assert.deepEqual((await embedding(false)).measured, before)
    await keepTrafficByHour(sluice.database)
    assert.deepEqual((await embedding(false)).measured, before)
  })

  test('the room in a limit is what has not been sent within the minute, and none while the provider wants a pause', async () => {
    const { limits, freeAt, closedUntil, key, atOnce, simulated } = await openAiLimits()
    assert.deepEqual(
      limits.map(({ unit, spanSeconds }) => [unit, spanSeconds]),
      [
        ['requests', 60],
        ['tokens', 60],
      ],
    )
    for (const { limit, used, room } of limits) assert.ok(used > 0 && room === limit - used)
    assert.deepEqual([freeAt, closedUntil, simulated, key?.length], [null, null, false, 6])
    assert.equal(atOnce?.underWay, 0)
    openAi.simulator.inject({ kind: 'rate_limited', retryAfterMs: 90_000 })
    await sluice.upload('refused.md', text('refused'))
    const closed = await until('the account is closed', async () => {
      const account = await openAiLimits()
      return account.closedUntil !== null && account
    })
    assert.ok(closed.limits.every(({ room }) => room === 0))
    const inMs = Date.parse(closed.freeAt ?? '') - Date.now()
    assert.ok(inMs > 60_000 && inMs < 100_000, `free in ${inMs} ms`)
  })
})
