import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { lookIntoDoubts } from '../src/app/look-into-doubts.ts'
import { createTokenCounter } from '../src/chunk/count-tokens.ts'
import type { Call } from '../src/contract/call.ts'
import { createOpenAiSimulator, type OpenAiSimulator } from '../src/providers/openai/simulator.ts'
import { createOpenAiUsageMinutes } from '../src/providers/openai/usage-minutes.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { serveHandler } from './harness/serve-handler.ts'
import { type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

onBothDatabases('P9: calls in doubt, looked up in OpenAI’s usage report', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  let openAi: OpenAiSimulator
  let served: Awaited<ReturnType<typeof serveHandler>>
  /** Each test in a minute of its own, so that the reports do not mix. */
  let minute = 0

  before(async () => {
    place = await createPlace()
    const counter = createTokenCounter()
    openAi = createOpenAiSimulator({
      countTokens: text => counter.count(text),
      price: (_model, tokens) => BigInt(tokens) * 20n,
      nowMs: () => performance.now(),
      now: () => new Date(Date.now() - minute * 600_000),
      adminKey: 'sk-admin-test',
    })
    served = await serveHandler(openAi.fetch)
    sluice = await startSluice(place, {
      SLUICE_EMBED_MODE: 'real',
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: `${served.url}/v1`,
    })
  })
  after(async () => {
    await sluice.close()
    await served.close()
    await place.remove()
  })

  async function doubtful(name: string, billed: boolean): Promise<{ jobId: string; call: Call }> {
    openAi.inject({ kind: 'connection_lost', billed })
    const { body } = await sluice.upload(name, `# ${name}\n\nThe text of ${name} is short.`)
    const { jobId } = body.document.job
    await until('the job waits', async () => (await sluice.job(jobId)).state === 'deferred')
    const { calls } = (await sluice.request<{ calls: Call[] }>('GET', '/v1/calls')).body
    const call = calls.at(-1) ?? assert.fail('no call in doubt')
    await sluice.sql(
      `UPDATE sluice.holds SET dispatched_at = dispatched_at - interval '1 minute' * $2 WHERE call_id = $1`,
      [call.callId, minute * 10],
    )
    return { jobId, call }
  }
  const look = async () =>
    await lookIntoDoubts(
      {
        database: sluice.database,
        queue: sluice.server.sluice.api.queue,
        readMinutes: createOpenAiUsageMinutes({
          adminKey: 'sk-admin-test',
          baseUrl: `${served.url}/v1`,
          timeoutMs: 5_000,
        }),
        newId: sluice.server.sluice.api.newId,
        now: new Date(Date.now() + 3_600_000),
      },
      AbortSignal.timeout(10_000),
    )

  test('what the report does not count was not charged: its money is free and its work goes on by itself', async () => {
    minute = 1
    const { jobId } = await doubtful('never arrived', false)
    await look()
    await until('the job is done', async () => (await sluice.job(jobId)).state === 'succeeded')
    const { calls } = (await sluice.request<{ calls: Call[] }>('GET', '/v1/calls')).body
    assert.deepEqual(calls, [])
  })

  test('what the report counts was charged: it is said so, and left to the operator', async () => {
    minute = 5
    const { jobId, call } = await doubtful('answer lost', true)
    const { requests } = openAi.counters()
    await look()
    assert.equal((await sluice.job(jobId)).state, 'deferred')
    const { calls } = (await sluice.request<{ calls: Call[] }>('GET', '/v1/calls')).body
    assert.deepEqual(
      calls.map(c => [c.callId, c.note?.includes('was charged')]),
      [[call.callId, true]],
    )
    assert.equal(openAi.counters().requests, requests, 'nothing was sent again')
  })
})
