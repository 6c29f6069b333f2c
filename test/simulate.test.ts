import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { before, test } from 'node:test'
import OpenAI from 'openai'
import type { SimulatorCounters } from '../src/contract/simulators.ts'
import { serveHandler } from './harness/serve-handler.ts'
import { type Simulation, spawnSimulation, startSimulation } from './harness/start-simulation.ts'
import { until } from './harness/until.ts'

const root = new URL('..', import.meta.url)
const report = new URL('samples/annual-report.pdf', root).pathname
const basic = { tier: 'cost_effective', version: 'latest' } as const

let plain: Simulation
before(async () => {
  plain = await startSimulation('--seed', '7', '--log')
})

test('the official SDK of LlamaCloud uploads, waits and gets the markdown of a real file', async () => {
  const { cloud, counters } = plain
  const parsed = await cloud.parsing.parse({
    ...basic,
    upload_file: createReadStream(report),
    expand: ['markdown', 'usage'],
  })
  assert.equal(parsed.job.status, 'COMPLETED')
  const pages = parsed.markdown?.pages ?? []
  assert.equal(pages.length, 7)
  assert.match(JSON.stringify(pages[2]), /The taste of August/)
  const { llamaparse } = await counters()
  assert.equal(llamaparse.requests.upload, 1)
  assert.deepEqual([llamaparse.jobs, llamaparse.completed, llamaparse.pages, llamaparse.credits], [1, 1, 7, 21])
  // The same file under the same settings is free within 48 hours.
  const again = await cloud.parsing.parse({ ...basic, upload_file: createReadStream(report), expand: ['text'] })
  assert.equal(again.job.status, 'COMPLETED')
  assert.equal((await counters()).llamaparse.cached, 1)
})

test('the official SDK of OpenAI embeds, and its report shows the charge', async () => {
  const { openai, url, counters } = plain
  const input = ['water tastes of earth', 'the water has an earthy taste', 'annual accounts of the board']
  const { data, usage } = await openai.embeddings.create({ model: 'text-embedding-3-small', input, dimensions: 256 })
  assert.deepEqual(
    data.map(({ embedding }) => embedding.length),
    [256, 256, 256],
  )
  const { openai: counted } = await counters()
  assert.deepEqual([counted.requests, counted.inputs, counted.tokens], [1, 3, usage.total_tokens])
  assert.equal(counted.chargedNanoUsd, String(usage.total_tokens * 20))
  const reply = await fetch(`${url}/v1/organization/costs?start_time=${Math.floor(Date.now() / 1000) - 86_400}`, {
    headers: { authorization: 'Bearer sk-admin-any' },
  })
  assert.match(await reply.text(), new RegExp(`"value":${(usage.total_tokens * 20) / 1e9}`))
})

test('a request names the fault that is to hit it, at either service', async () => {
  const { cloud, openai, counters, log } = plain
  const withFault = (fault: string) => ({ headers: { 'x-simulate-fault': fault } })
  await assert.rejects(cloud.parsing.list({}, withFault('server_error;status=503')), { status: 503 })
  await assert.rejects(cloud.parsing.list({}, withFault('connection_lost')), /Connection error/)
  await assert.rejects(cloud.parsing.list({}, withFault('sunspots')), { status: 400 })
  const wish = { model: 'text-embedding-3-small', input: 'words' }
  await assert.rejects(
    openai.embeddings.create(wish, withFault('rate_limited;retryAfterMs=1500')),
    (error: unknown) => {
      assert.ok(error instanceof OpenAI.RateLimitError)
      return error.headers.get('retry-after-ms') === '1500'
    },
  )
  await assert.rejects(openai.embeddings.create(wish, withFault('sunspots')), { status: 400, code: 'unknown_fault' })
  const { llamaparse, openai: counted } = await counters()
  assert.deepEqual(llamaparse.faults, { server_error: 1, connection_lost: 1 })
  assert.deepEqual(counted.faults, { rate_limited: 1 })
  const line = log.find(text => text.includes('503'))
  assert.match(line ?? '', /^llamaparse GET \/api\/v2\/parse 503 \d+ ms server_error$/)
  assert.ok(log.some(text => / broken off .* connection_lost$/.test(text)))
})

test('a call that is lost after it was done is charged all the same', async () => {
  const { openai, counters } = plain
  const before = (await counters()).openai.tokens
  const wish = { model: 'text-embedding-3-small', input: 'paid and lost' }
  const headers = { 'x-simulate-fault': 'connection_lost;done=true' }
  await assert.rejects(openai.embeddings.create(wish, { headers }), /Connection error/)
  assert.ok((await counters()).openai.tokens > before)
})

test('faults are injected over HTTP, and hit the next requests', async () => {
  const { cloud, openai, url } = plain
  const inject = (body: object) => fetch(`${url}/sluice/faults`, { method: 'POST', body: JSON.stringify(body) })
  assert.equal((await inject({ openai: [{ kind: 'sunspots' }] })).status, 400)
  const reply = await inject({
    llamaparse: [{ kind: 'rate_limited', times: 2 }],
    openai: [{ kind: 'vectors', wrong: 'missing' }],
  })
  assert.deepEqual(await reply.json(), { llamaparse: 1, openai: 1 })
  for (const status of [429, 429]) await assert.rejects(cloud.parsing.list(), { status })
  await cloud.parsing.list()
  const wish = { model: 'text-embedding-3-small', input: ['a', 'b', 'c'] }
  assert.equal((await openai.embeddings.create(wish)).data.length, 2)
  assert.equal((await openai.embeddings.create(wish)).data.length, 3)
})

test('the official SDK of OpenAI has a file embedded as a batch, at half the price', async () => {
  const { openai, counters } = plain
  const before = await counters()
  const line = (input: string, i: number) => ({
    custom_id: `line-${i}`,
    method: 'POST',
    url: '/v1/embeddings',
    body: { model: 'text-embedding-3-small', input, dimensions: 256 },
  })
  const lines = ['the night flow', 'rises by a litre'].map((text, i) => JSON.stringify(line(text, i)))
  const file = await openai.files.create({ file: new File([lines.join('\n')], 'lines.jsonl'), purpose: 'batch' })
  const wish = { input_file_id: file.id, endpoint: '/v1/embeddings', completion_window: '24h' } as const
  const { id } = await openai.batches.create(wish)
  await until('the batch is completed', async () => (await openai.batches.retrieve(id)).status === 'completed')
  const { output_file_id, usage } = await openai.batches.retrieve(id)
  const output = (await (await openai.files.content(output_file_id ?? '')).text()).trimEnd().split('\n')
  assert.deepEqual(
    output.map(text => JSON.parse(text).response.body.data[0].embedding.length),
    [256, 256],
  )
  const { openai: after } = await counters()
  assert.equal(
    BigInt(after.chargedNanoUsd) - BigInt(before.openai.chargedNanoUsd),
    BigInt((usage?.total_tokens ?? 0) * 10),
  )
  const failing = await openai.batches.create(wish, { headers: { 'x-simulate-fault': 'batch_fails' } })
  await until('the batch has failed', async () => (await openai.batches.retrieve(failing.id)).status === 'failed')
})

test('webhooks go to this machine', async () => {
  const arrived = Promise.withResolvers<string>()
  const receiver = await serveHandler(async request => {
    arrived.resolve(await request.text())
    return new Response('ok')
  })
  const { id } = await plain.cloud.parsing.create({
    ...basic,
    upload_file: createReadStream(report),
    webhook_configurations: [
      { webhook_url: receiver.url, webhook_events: ['parse.success'], webhook_output_format: 'json' },
    ],
  })
  assert.equal(JSON.parse(await arrived.promise).data.job_id, id)
  await receiver.close()
})

test('a body that breaks, and one that hangs, are half of the answer', async () => {
  const { url } = plain
  const get = (fault: string) =>
    fetch(`${url}/api/v2/parse`, { headers: { authorization: 'Bearer llx-any', 'x-simulate-fault': fault } })
  const broken = await get('body_breaks')
  assert.equal(broken.status, 200)
  await assert.rejects(broken.text(), /terminated/)
  const reader = (await get('body_hangs')).body?.getReader()
  assert.match(new TextDecoder().decode((await reader?.read())?.value), /^\{/)
  await reader?.cancel()
})

test('Ctrl-C breaks off what hangs, prints what was counted and ends well', async () => {
  const headers = { authorization: 'Bearer llx-any', 'x-simulate-fault': 'hang' }
  const hanging = assert.rejects(fetch(`${plain.url}/api/v2/parse`, { headers }), /fetch failed/)
  await until('the request hangs', async () => (await plain.counters()).llamaparse.faults.hang === 1)
  const { printed, exitCode } = await plain.stop()
  await hanging
  assert.equal(exitCode, 0)
  assert.match(printed, /requests {2}.*upload 3/)
  assert.match(printed, /charged {3}21 credits; 21 pages, those of the cache among them/)
  assert.match(printed, /faults {4}server_error 1, connection_lost 1, rate_limited 2/)
})

test('under one seed the same requests have the same faults; a key, credits and strict webhooks can be asked for', async () => {
  const asked = [
    '--fault',
    'openai:server_error;status=502=0.3',
    '--fault',
    'openai:rate_limited=0.2',
    '--credits',
    '0',
  ]
  const options = [...asked, '--api-key', 'sk-only', '--no-allow-private-webhooks', '--json']
  const runs = await Promise.all([
    startSimulation(...options),
    startSimulation(...options),
    startSimulation(...options, '--seed', '99'),
  ])
  const outcomes = await Promise.all(runs.map(run => statusesOf(run)))
  assert.deepEqual(outcomes[0], outcomes[1])
  assert.notDeepEqual(outcomes[0], outcomes[2])
  const [run] = runs
  assert.ok(run)
  const cloud = run.cloud.withOptions({ apiKey: 'sk-only' })
  assert.equal((await fetch(`${run.url}/sluice/counters`)).status, 401)
  assert.equal(await statusOf(run.cloud.parsing.list()), 401)
  const webhook_configurations = [{ webhook_url: 'http://127.0.0.1:9/', webhook_events: ['parse.success' as const] }]
  const wish = { ...basic, source_url: 'https://example.org/a.pdf' }
  await assert.rejects(cloud.parsing.create({ ...wish, webhook_configurations }), /private and loopback addresses/)
  const upload_file = createReadStream(report)
  assert.equal(await statusOf(cloud.parsing.create({ ...basic, upload_file })), 402)
  const ends = await Promise.all(runs.map(one => one.stop()))
  const { openai } = JSON.parse(ends[0]?.printed ?? '') as SimulatorCounters
  assert.equal(openai.faults.server_error, outcomes[0]?.filter(status => status === 502).length)
})

test('a fault that there is not, or a taken port, ends it at once', async () => {
  const ending = (...options: string[]) => {
    const child = spawnSimulation(...options)
    return Promise.all([once(child, 'exit'), text(child.stderr)])
  }
  const taken = await serveHandler(async () => new Response())
  const [[wrong, said], [inUse, told]] = await Promise.all([
    ending('--fault', 'sunspots=0.5'),
    ending('--port', new URL(taken.url).port),
  ])
  await taken.close()
  assert.deepEqual([wrong[0], inUse[0]], [2, 1])
  assert.match(said, /"sunspots" cannot be used/)
  assert.match(told, /EADDRINUSE/)
})

async function statusesOf({ openai }: Simulation): Promise<number[]> {
  const own = openai.withOptions({ apiKey: 'sk-only' })
  const statuses: number[] = []
  for (let i = 0; i < 20; i++)
    statuses.push(await statusOf(own.embeddings.create({ model: 'text-embedding-3-small', input: `text ${i}` })))
  return statuses
}

async function statusOf(call: Promise<unknown>): Promise<number> {
  return call.then(
    () => 200,
    error => (error as { status: number }).status,
  )
}
