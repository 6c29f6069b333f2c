import assert from 'node:assert/strict'
import { test } from 'node:test'
import LlamaCloud from '@llamaindex/llama-cloud'
import { basic, fileOf, setUpCloud } from './__fixtures__/simulated-cloud.ts'
import { type Fault, latencyOf } from './simulator-faults.ts'

const minute = 60_000
const params = () => ({ ...basic, upload_file: fileOf('a', 'b') })

const answers: [fault: Fault, expected: object, jobs: number][] = [
  [{ kind: 'rate_limited' }, { status: 429 }, 0],
  [{ kind: 'credits_spent' }, { status: 402 }, 0],
  [{ kind: 'server_error' }, { status: 500, message: /correlation ID: [0-9a-f-]{36}/ }, 0],
  [{ kind: 'server_error', status: 503 }, { status: 503 }, 0],
  [{ kind: 'server_error', done: true }, { status: 500 }, 1],
  [{ kind: 'connection_lost' }, { name: 'Error', constructor: LlamaCloud.APIConnectionError }, 0],
  [{ kind: 'connection_lost', done: true }, { name: 'Error', constructor: LlamaCloud.APIConnectionError }, 1],
  [{ kind: 'malformed', body: 'cut_short' }, { name: 'SyntaxError' }, 1],
  [{ kind: 'malformed', body: 'empty' }, { name: 'SyntaxError' }, 1],
  [{ kind: 'body_breaks' }, { name: 'TypeError', message: 'terminated' }, 1],
]
for (const [fault, expected, jobs] of answers) {
  test(`P9: ${JSON.stringify(fault)}: the call fails and ${jobs === 1 ? 'a job was created and is charged' : 'there is no job'}`, async () => {
    const { sdk, simulator, clock } = setUpCloud()
    simulator.inject(fault)
    await assert.rejects(sdk.parsing.create(params()), expected)
    await clock.advance(minute)
    const counters = simulator.counters()
    assert.deepEqual([counters.jobs, counters.completed, counters.credits], [jobs, jobs, jobs * 6])
    await sdk.parsing.create(params())
    assert.equal(simulator.counters().jobs, jobs + 1)
  })
}

test('a page instead of JSON is a text to the SDK, and JSON of another shape is taken as it is', async () => {
  const { sdk, simulator } = setUpCloud()
  simulator.inject({ kind: 'malformed', body: 'html' }, { kind: 'malformed', body: 'other_shape' })
  assert.match(String(await sdk.parsing.create(params())), /^<html>/)
  assert.equal((await sdk.parsing.create(params())).id, undefined)
})

/** An upload outside of the SDK, with a signal. */
function uploadRequest(signal: AbortSignal): Request {
  const body = new FormData()
  body.append('configuration', JSON.stringify(basic))
  body.append('file', fileOf('a'))
  const init = { method: 'POST', body, headers: { authorization: 'Bearer x' }, signal }
  return new Request('https://api.cloud.llamaindex.ai/api/v2/parse/upload', init)
}

test('a request that hangs, before or after the job was created, ends when it is aborted', async () => {
  for (const done of [false, true]) {
    const { simulator, clock } = setUpCloud()
    simulator.inject({ kind: 'hang', done })
    const stop = new AbortController()
    const reply = simulator.fetch(uploadRequest(stop.signal))
    const rejected = assert.rejects(reply, error => error === stop.signal.reason)
    await clock.advance(10 * minute)
    stop.abort(new Error('enough'))
    await rejected
    assert.equal(simulator.counters().jobs, done ? 1 : 0)
  }
})

test('a body that hangs ends when it is aborted', async () => {
  const { simulator } = setUpCloud()
  simulator.inject({ kind: 'body_hangs' })
  const stop = new AbortController()
  const reply = await simulator.fetch(uploadRequest(stop.signal))
  const rejected = assert.rejects(reply.text(), error => error === stop.signal.reason)
  stop.abort(new Error('enough'))
  await rejected
  assert.equal(simulator.counters().jobs, 1)
})

test('P14: a job that hangs stays where it is until it is cancelled', async () => {
  for (const status of ['PENDING', 'RUNNING'] as const) {
    const { sdk, simulator, clock } = setUpCloud()
    simulator.inject({ kind: 'job_hangs', status })
    const { id } = await sdk.parsing.create(params())
    await clock.advance(24 * 60 * minute)
    assert.equal((await sdk.parsing.get(id)).job.status, status)
    assert.equal((await sdk.parsing.cancel(id)).status, 'CANCELLED')
    assert.equal(simulator.counters().credits, 0)
  }
})

test('a job fails with the code that was asked for', async () => {
  const { sdk, simulator, clock } = setUpCloud()
  const codes = ['UNSUPPORTED_FILE_TYPE', 'PDF_IS_PROTECTED', 'NO_DATA_FOUND_IN_FILE', 'TIMEOUT'] as const
  simulator.inject(...codes.map(code => ({ kind: 'job_fails', code }) as const))
  for (const code of codes) {
    const { id } = await sdk.parsing.create(params())
    await clock.advance(minute)
    const { job } = await sdk.parsing.get(id)
    assert.deepEqual([job.status, job.error_message?.split(':')[0]], ['FAILED', code])
  }
})

test('pages that fail are marked and not charged, up to the allowed ratio; beyond it the job fails', async () => {
  const { sdk, simulator, clock } = setUpCloud()
  const run = async (ratio?: number) => {
    simulator.inject({ kind: 'pages_fail', pages: '2' })
    const processing_control = { job_failure_conditions: { allowed_page_failure_ratio: ratio ?? null } }
    const { id } = await sdk.parsing.create({ ...params(), processing_control })
    await clock.advance(minute)
    return sdk.parsing.get(id, { expand: ['markdown', 'text', 'usage'] })
  }
  const partial = await run(0.5)
  assert.equal(partial.job.status, 'COMPLETED')
  assert.deepEqual(partial.markdown?.pages[1], { page_number: 2, success: false, error: 'Page processing failed' })
  assert.deepEqual(partial.text?.pages[1], { page_number: 2, text: '' })
  assert.equal(partial.job.usage?.credits, 3)
  for (const ratio of [0.49, undefined]) assert.equal((await run(ratio)).job.status, 'FAILED')
  assert.equal((await run(0.5)).job.usage?.credits, 3, 'a part of a result is not kept for the next job')
})

test('a page that a tier is too low for is charged like any other', async () => {
  const { sdk, simulator, clock } = setUpCloud()
  simulator.inject({ kind: 'pages_degraded', pages: '2', as: 'empty' })
  const { id } = await sdk.parsing.create(params())
  await clock.advance(minute)
  const { job, markdown } = await sdk.parsing.get(id, { expand: ['markdown', 'usage'] })
  const [first, second] = (markdown?.pages ?? []).map(page => (page.success ? page.markdown : null))
  assert.deepEqual([job.status, job.usage?.credits, second], ['COMPLETED', 6, ''])
  assert.notEqual(first, '')
})

test('usage can stay null for ever, while it is charged', async () => {
  const { sdk, simulator, clock } = setUpCloud()
  simulator.inject({ kind: 'usage_stays_null' })
  const { id } = await sdk.parsing.create(params())
  await clock.advance(1000 * 60 * minute)
  assert.deepEqual((await sdk.parsing.get(id, { expand: ['usage'] })).job.usage, { credits: null })
  assert.equal(simulator.counters().credits, 6)
})

test('a fault waits for the call that it is for; a burst of 429s is as long as asked for', async () => {
  const { sdk, simulator } = setUpCloud()
  simulator.inject({ kind: 'server_error', on: 'cancel' }, { kind: 'rate_limited', on: 'get', times: 2 })
  const { id } = await sdk.parsing.create(params())
  await assert.rejects(sdk.parsing.get(id), { status: 429 })
  await assert.rejects(sdk.parsing.get(id), { status: 429 })
  await sdk.parsing.get(id)
  await assert.rejects(sdk.parsing.cancel(id), { status: 500 })
  await sdk.parsing.cancel(id)
})

test('a request can ask for faults of its own', async () => {
  const { sdk, simulator, clock } = setUpCloud()
  const asking = (value: string) => ({ headers: { 'x-simulate-fault': value } })
  await assert.rejects(sdk.parsing.create(params(), asking('server_error;status=502;done=true')), { status: 502 })
  const { id } = await sdk.parsing.create(params(), asking('pages_fail;pages=1,2, usage_stays_null'))
  await clock.advance(minute)
  const { job } = await sdk.parsing.get(id, { expand: ['usage'] })
  assert.match(job.error_message ?? '', /^2 of 2 pages failed/)
  assert.equal(job.usage?.credits, null)
  for (const wrong of ['nothing', 'server_error;status=200', 'hang;pages=1'])
    await assert.rejects(sdk.parsing.get(id, {}, asking(wrong)), { status: 400 })
  assert.equal(simulator.counters().jobs, 2)
})

test('an answer takes as long as was set', async () => {
  const { sdk, simulator, clock } = setUpCloud({ latency: { ms: 40 } })
  simulator.inject({ kind: 'latency', ms: 500, on: 'versions' })
  const answeredAt = async (request: Promise<unknown>) => {
    const start = clock.now().getTime()
    let tookMs = Number.NaN
    const done = request.then(() => {
      tookMs = clock.now().getTime() - start
    })
    await clock.advance(minute)
    await done
    return tookMs
  }
  assert.equal(await answeredAt(sdk.parsing.listVersions()), 500)
  assert.equal(await answeredAt(sdk.parsing.listVersions()), 40)
})

test('latencies follow their distribution', () => {
  const fractions = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000)
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const even = fractions.map(fraction => latencyOf({ minMs: 10, maxMs: 30 }, fraction))
  assert.ok(Math.min(...even) >= 10 && Math.max(...even) <= 30 && Math.abs(mean(even) - 20) < 0.1)
  const tailed = fractions.map(fraction => latencyOf({ meanMs: 100 }, fraction))
  assert.ok(Math.abs(mean(tailed) - 100) < 1 && Math.max(...tailed) > 700)
})

test('faults by rates are the same for the same seed, whatever is polled, and about as many as asked for', async () => {
  const run = async (seed: number, polls: number) => {
    const faultRates = [
      { fault: { kind: 'server_error', on: 'upload' }, probability: 0.2 },
      { fault: { kind: 'job_fails', code: 'TIMEOUT' }, probability: 0.2 },
    ] as const
    const { sdk, clock, simulator } = setUpCloud({ seed, faultRates, uploadLimit: { requests: 1000, windowMs: 1000 } })
    const outcomes: string[] = []
    for (let i = 0; i < 200; i++) {
      for (let poll = 0; poll < polls; poll++) await sdk.parsing.listVersions()
      const created = await sdk.parsing.create(params()).catch(error => String(error.status))
      outcomes.push(typeof created === 'string' ? created : created.id)
    }
    await clock.advance(60 * minute)
    for await (const { id, status } of sdk.parsing.list({ page_size: 1000 })) outcomes.push(`${id} ${status}`)
    return { outcomes, counters: simulator.counters() }
  }
  const first = await run(1, 0)
  assert.deepEqual((await run(1, 1)).outcomes, first.outcomes)
  assert.notDeepEqual((await run(2, 0)).outcomes, first.outcomes)
  const { jobs, completed, failed, requests } = first.counters
  const refused = (requests.upload ?? 0) - jobs
  assert.equal(completed + failed, jobs)
  assert.ok(refused > 20 && refused < 60, String(refused))
  assert.ok(failed > 16 && failed < 55, String(failed))
})
