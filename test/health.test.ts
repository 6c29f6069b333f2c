import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { DocumentView } from '../src/contract/document-view.ts'
import type { ProviderHealth } from '../src/contract/provider-health.ts'
import type { Explanation } from '../src/contract/route-decision.ts'
import { createPostgresPlace, onEitherDatabase, type Place } from './harness/databases.ts'
import { type OpenAiServer, startOpenAiServer } from './harness/open-ai-server.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

const text = (name: string, i: number) =>
  `# ${name} ${i}\n\nThe ${name} number ${i} was looked at on day ${i * 7 + 3}, and ${i * 13} litres were found.`

onEitherDatabase('a provider that is ill', createPlace => {
  let place: Place
  let openAi: OpenAiServer
  let sluice: SluiceUnderTest
  before(async () => {
    place = await createPlace()
    openAi = await startOpenAiServer()
    sluice = await startSluice(place, { ...openAi.environment, SLUICE_PARSE_MODE: 'hybrid' })
  })
  after(async () => {
    await sluice.close()
    await openAi.close()
    await place.remove()
  })

  const health = async () =>
    (await sluice.request<{ providers: ProviderHealth[] }>('GET', '/v1/providers')).body.providers.find(
      one => one.provider === 'openai',
    )

  test('its calls are counted, with how long they took', async () => {
    await sluice.ingest('first.md', text('valve', 1))
    const openai = await health()
    assert.equal(openai?.state, 'closed')
    assert.ok((openai?.calls ?? 0) >= 1)
    assert.equal(openai?.faults, 0)
    assert.ok((openai?.latencyMs?.p95 ?? 0) > 0)
  })

  test('I23: a document on which the provider fails again and again opens nothing; others go on', async () => {
    openAi.poison = 'poisonous'
    const bad = await sluice.upload('bad.md', '# Bad\n\nThis text is poisonous to whoever reads it.')
    await until('it was tried several times', async () => {
      const { failures, state } = await sluice.job(bad.body.document.job.jobId)
      return failures >= 3 || state === 'failed'
    })
    const good = await sluice.ingest('good.md', text('gauge', 2))
    assert.equal(good.job.state, 'succeeded')
    assert.equal((await health())?.state, 'closed')
    openAi.poison = null
    await until('it is done', async () => (await sluice.job(bad.body.document.job.jobId)).state === 'succeeded')
  })

  test('calls that failed before are a bounded part of what a provider gets; what has to wait for that burns no attempt', async () => {
    const { health: board } = sluice.server.sluice.api.router
    let taken = 0
    while (board.takeRetry('openai')) taken++
    assert.ok(taken > 0 && taken <= 40, `${taken} were allowed`)
    openAi.poison = 'venomous'
    const { job } = (await sluice.upload('again.md', '# Again\n\nThis text is venomous for a while.')).body.document
    const waiting = await until('it waits to be made again', async () => {
      const now = await sluice.job(job.jobId)
      return now.error?.code === 'provider_rate_limited' && now
    })
    assert.deepEqual([waiting.state, waiting.failures], ['retrying', 1])
    assert.match(waiting.error?.message ?? '', /too large a part of what openai gets are calls that failed before/)
    openAi.poison = null
    await sluice.sql('UPDATE sluice.provider_traffic SET retries = 0')
    await until('it is done', async () => (await sluice.job(job.jobId)).state === 'succeeded')
  })

  test('P19: during an outage embedding waits, says for whom, and is not sent elsewhere; search says that it is degraded', async () => {
    const outage = { kind: 'down' as const, requests: 0 }
    openAi.outage = outage
    const uploads: DocumentView[] = []
    for (let i = 0; i < 30; i++) uploads.push((await sluice.upload(`pump-${i}.md`, text('pump', i))).body.document)
    const waiting = await until('all wait', async () => {
      const jobs = await Promise.all(uploads.map(({ job }) => sluice.job(job.jobId)))
      return jobs.every(job => job.state === 'deferred') && jobs
    })
    for (const job of waiting) assert.equal(job.deferral?.reason, 'provider_unhealthy')
    assert.match(
      waiting[0]?.deferral?.message ?? '',
      /openai is not healthy: (\d+ of \d+ calls failed within 30 s|\d+ calls in a row failed|it cannot be reached)/,
    )
    const { body } = await sluice.request<Explanation>('GET', `/v1/jobs/${waiting[0]?.jobId}/explanation`)
    assert.match(body.sentences.at(-1) ?? '', /It waits at embed: .*openai is not healthy/)
    const found = await sluice.search('valve number')
    assert.equal(found.method, 'full_text')
    assert.match(found.degraded ?? '', /could not be embedded/)
    assert.ok(found.hits.length > 0)

    openAi.outage = null
    await until('all are done', async () => {
      const jobs = await Promise.all(uploads.map(({ job }) => sluice.job(job.jobId)))
      return jobs.every(job => job.state === 'succeeded')
    })
    const spaces = await sluice.sql<{ spaceId: string }>('SELECT DISTINCT space_id AS "spaceId" FROM sluice.embeddings')
    assert.equal(spaces.length, 1)
    assert.equal((await sluice.search('valve number')).method, 'hybrid')
    assert.ok(outage.requests <= 33, `${outage.requests} requests for 30 documents`)
  })
})

test('a switch of the mode reaches the other processes within two seconds', {
  skip: process.env.TEST_DATABASE_URL ? false : 'TEST_DATABASE_URL is not set',
}, async () => {
  const place = await createPostgresPlace()
  const [one, other] = [await startSluice(place), await startSluice(place)]
  try {
    const modeThere = () => other.server.sluice.api.router.modes.of('default', 'parse').mode
    assert.equal(modeThere(), 'local')
    await one.request('PUT', '/v1/modes/*/parse', { mode: 'mock' })
    const switchedAt = performance.now()
    await until('the other knows', async () => modeThere() === 'mock')
    assert.ok(performance.now() - switchedAt < 2_000)
  } finally {
    await one.close()
    await other.close()
    await place.remove()
  }
})
