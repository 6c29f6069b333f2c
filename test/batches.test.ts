import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createTokenCounter } from '../src/chunk/count-tokens.ts'
import { createOpenAiSimulator, type OpenAiSimulator } from '../src/providers/openai/simulator.ts'
import { onEitherDatabase, type Place } from './harness/databases.ts'
import { serveHandler } from './harness/serve-handler.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { writeMarkdown } from './harness/texts.ts'
import { until } from './harness/until.ts'

const counter = createTokenCounter()
const hourMs = 3_600_000
const price = (_model: string, tokens: number) => BigInt(tokens) * 20n
const inTwoDays = () => new Date(Date.now() + 48 * hourMs).toISOString()

onEitherDatabase('embedding by batches', createPlace => {
  let place: Place
  let openAi: { url: string; close(): Promise<void> }
  let simulator: OpenAiSimulator
  let sluice: SluiceUnderTest
  let aheadMs = 0
  const real = () => ({ SLUICE_EMBED_MODE: 'real', OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${openAi.url}/v1` })
  before(async () => {
    place = await createPlace()
    simulator = createOpenAiSimulator({
      countTokens: text => counter.count(text),
      price,
      nowMs: () => performance.now(),
      now: () => new Date(Date.now() + aheadMs),
      batchTiming: {
        validatingMs: 60_000,
        startMs: hourMs,
        msPerRequest: 0,
        finalizingMs: 60_000,
        cancellingMs: 60_000,
      },
    })
    openAi = await serveHandler(simulator.fetch)
    sluice = await startSluice(place, real())
  })
  after(async () => {
    await sluice.close()
    await openAi.close()
    await place.remove()
  })
  /** As if the time had come at which somebody looks. */
  const look = async () => {
    await sluice.sql("UPDATE sluice.remote_calls SET look_at = now() WHERE phase = 'running' AND ended_at IS NULL")
  }
  const waiting = async (jobIds: readonly string[]) =>
    await until('the jobs wait for the batch', async () => {
      const jobs = await Promise.all(jobIds.map(id => sluice.job(id)))
      return jobs.every(job => job.state === 'waiting') && jobs
    })
  const ended = async (jobIds: readonly string[]) =>
    await until('the jobs have ended', async () => {
      await look()
      const jobs = await Promise.all(jobIds.map(id => sluice.job(id)))
      return jobs.every(job => job.state === 'succeeded' || job.state === 'failed') && jobs
    })
  const paid = async () => {
    const [row] = await sluice.sql<{ cost: string; units: string; held: string }>(
      `SELECT coalesce(sum(cost_nano_usd), 0) AS cost, coalesce(sum(units), 0) AS units,
        coalesce(sum(held_nano_usd), 0) AS held FROM sluice.ledger_entries WHERE service = 'embed' AND purpose = 'ingest'`,
    )
    return { cost: BigInt(row?.cost ?? 0), units: Number(row?.units ?? 0), held: BigInt(row?.held ?? 0) }
  }
  const upload = async (seeds: readonly number[], deadline?: string) => {
    const answers = await Promise.all(
      seeds.map(seed => sluice.upload(`doc-${seed}.md`, writeMarkdown(seed, 4, 60), deadline ? { deadline } : {})),
    )
    return answers.map(answer => answer.body.document.job.jobId)
  }

  test('documents whose deadline is far away share a batch at half the price; it is held, waited for, and fetched after a restart', async () => {
    const before = await paid()
    const charged = simulator.counters().chargedNanoUsd
    const jobIds = await upload([1, 2, 3], inTwoDays())
    const [job] = await waiting(jobIds)
    assert.match(job?.awaited?.message ?? '', /batch_/)
    const during = await paid()
    assert.ok(during.held > before.held, 'its money is held')
    assert.equal(simulator.counters().inputs, 0, 'nothing was embedded at once')
    await sluice.close()
    aheadMs += 2 * hourMs
    sluice = await startSluice(place, real())
    const jobs = await ended(jobIds)
    assert.deepEqual(
      jobs.map(one => one.state),
      ['succeeded', 'succeeded', 'succeeded'],
    )
    const afterwards = await paid()
    assert.equal(afterwards.held, before.held, 'nothing is held any more')
    const tokens = afterwards.units - before.units
    const cost = afterwards.cost - before.cost
    assert.equal(cost, (price('', tokens) + 1n) / 2n)
    assert.equal(simulator.counters().chargedNanoUsd - charged, cost)
    const shares = await sluice.sql<{ job_id: string; units: string }>(
      "SELECT job_id, units FROM sluice.ledger_entries WHERE service = 'embed' AND kind = 'settlement' AND job_id = ANY($1)",
      [jobIds],
    )
    assert.equal(shares.length, 3, 'each document has its part')
    assert.equal((await sluice.search('text')).method, 'hybrid')
  })

  test('a document without a deadline, or with a near one, does not wait', async () => {
    const [plain = ''] = await upload([11])
    const [near = ''] = await upload([12], new Date(Date.now() + 20 * hourMs).toISOString())
    const jobs = await ended([plain, near])
    for (const job of jobs) {
      assert.equal(job.state, 'succeeded')
      assert.ok(job.events.every(event => event.reason !== 'handed_over'))
    }
  })

  test('what an expired batch has finished is kept and paid for, and the rest is embedded at once', async () => {
    simulator.inject({ kind: 'batch_expires', finishedShare: 0.5 })
    const before = await paid()
    const charged = simulator.counters().chargedNanoUsd
    const jobIds = await upload([21, 22], inTwoDays())
    await waiting(jobIds)
    aheadMs += 25 * hourMs
    const jobs = await ended(jobIds)
    assert.ok(
      jobs.every(job => job.state === 'succeeded'),
      JSON.stringify(jobs.map(job => job.error)),
    )
    const afterwards = await paid()
    const cost = afterwards.cost - before.cost
    const tokens = afterwards.units - before.units
    assert.equal(simulator.counters().chargedNanoUsd - charged, cost)
    assert.ok(cost > price('', tokens) / 2n && cost < price('', tokens), `${cost} for ${tokens} tokens`)
    assert.equal(afterwards.held, before.held)
  })

  test('a batch that is refused as a whole costs nothing, and its documents are embedded at once', async () => {
    simulator.inject({ kind: 'batch_fails', code: 'invalid_request' })
    const jobIds = await upload([31], inTwoDays())
    await waiting(jobIds)
    aheadMs += hourMs
    const [job] = await ended(jobIds)
    assert.equal(job?.state, 'succeeded')
  })

  test('a cancelled document leaves the batch to the others; a batch that nobody wants any more is cancelled', async () => {
    const jobIds = await upload([41], inTwoDays())
    await waiting(jobIds)
    await sluice.request('POST', `/v1/jobs/${jobIds[0]}/cancel`)
    await until('its hold has ended', async () => {
      await sluice.sql('UPDATE sluice.remote_calls SET look_at = now()')
      aheadMs += 10 * 60_000
      const open = await sluice.sql("SELECT 1 FROM sluice.holds WHERE state IN ('held', 'dispatched', 'unknown')")
      return open.length === 0
    })
    assert.equal((await sluice.job(jobIds[0] ?? '')).state, 'cancelled')
  })
})
