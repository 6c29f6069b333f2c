import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, test } from 'node:test'
import { serveHandler } from '../../../test/harness/serve-handler.ts'
import { basic, fileOf, parseFormFeeds, setUpCloud } from './__fixtures__/simulated-cloud.ts'
import { createLlamaCloudSimulator } from './simulator.ts'
import type { Fault } from './simulator-faults.ts'
import type { LlamaCloudSimulatorOptions } from './simulator-options.ts'

const webhook_url = 'https://hooks.example.com/parsed'
const json = { webhook_url, webhook_output_format: 'json' } as const
const minute = 60_000

interface Received {
  at: number
  url: string
  headers: Headers
  body: string
  event: { event_id: string; event_type: string; timestamp: number; data: { id: string; job_id: string } }
}

/** A cloud whose webhooks all come here; `reply` says with which status each is answered. */
function setUpReceiver(
  reply: (received: Received[]) => number = () => 200,
  options: Partial<LlamaCloudSimulatorOptions> = {},
) {
  const received: Received[] = []
  const cloud = setUpCloud({
    async deliver(request) {
      const body = await request.text()
      const parsed = JSON.parse(body)
      const event = typeof parsed === 'string' ? JSON.parse(parsed) : parsed
      received.push({ at: cloud.clock.now().getTime(), url: request.url, headers: request.headers, body, event })
      return new Response(null, { status: reply(received) })
    },
    ...options,
  })
  const types = () => received.map(({ event }) => event.event_type)
  return { ...cloud, received, types }
}

test('a job tells that it is pending, running and done, with the documented body and headers', async () => {
  const { sdk, clock, received, types } = setUpReceiver()
  const webhook_headers = { 'X-Own': 'mine', 'User-Agent': 'other' }
  const webhook_configurations = [{ ...json, webhook_headers }]
  const { id } = await sdk.parsing.create({ ...basic, upload_file: fileOf('a'), webhook_configurations })
  await clock.advance(minute)
  assert.deepEqual(types(), ['parse.pending', 'parse.running', 'parse.success'])
  const last = received[2]
  assert.ok(last)
  assert.deepEqual(last.event, {
    event_id: last.event.event_id,
    event_type: 'parse.success',
    timestamp: Date.parse('2026-11-23T12:00:03.100Z') / 1000,
    data: { id, job_id: id },
  })
  assert.match(last.event.event_id, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/)
  const header = (name: string) => last.headers.get(name)
  assert.deepEqual(
    [header('x-webhook-event-id'), header('x-webhook-event-type')],
    [last.event.event_id, 'parse.success'],
  )
  assert.deepEqual(
    [header('user-agent'), header('content-type')],
    ['llamaindex-webhook-service/1.0', 'application/json'],
  )
  assert.deepEqual([header('x-own'), header('lc-signature'), last.url], ['mine', null, webhook_url])
  assert.equal(new Set(received.map(({ event }) => event.event_id)).size, 3)
})

test('the body is by default a string of JSON, and signed as it is sent', async () => {
  const { sdk, clock, received } = setUpReceiver()
  const webhook_configurations = [{ webhook_url, webhook_signing_secret: 'sécret', webhook_events: ['parse.success'] }]
  await sdk.parsing.create({ ...basic, upload_file: fileOf('a'), webhook_configurations })
  await clock.advance(minute)
  const [only, ...others] = received
  assert.ok(only && others.length === 0)
  assert.equal(typeof JSON.parse(only.body), 'string')
  const digest = createHmac('sha256', Buffer.from('sécret')).update(Buffer.from(only.body)).digest('hex')
  assert.equal(only.headers.get('lc-signature'), `sha256=${digest}`)
})

test('a JSON body is not what JSON.stringify would write: only its own bytes verify', async () => {
  const { sdk, clock, received } = setUpReceiver()
  const webhook_configurations = [{ ...json, webhook_signing_secret: 's' }]
  await sdk.parsing.create({ ...basic, upload_file: fileOf('a'), webhook_configurations })
  await clock.advance(minute)
  for (const { headers, body, event } of received) {
    const signed = (text: string) => `sha256=${createHmac('sha256', 's').update(text).digest('hex')}`
    assert.equal(headers.get('lc-signature'), signed(body))
    assert.notEqual(headers.get('lc-signature'), signed(JSON.stringify(event)))
  }
})

test('failed, partly failed and cancelled jobs tell so', async () => {
  const { sdk, clock, simulator, types } = setUpReceiver()
  const webhook_events = ['parse.error', 'parse.partial_success', 'parse.cancelled']
  const processing_control = { job_failure_conditions: { allowed_page_failure_ratio: 0.5 } }
  const params = { ...basic, processing_control, webhook_configurations: [{ ...json, webhook_events }] }
  simulator.inject({ kind: 'job_fails', code: 'TIMEOUT' }, { kind: 'pages_fail', pages: '2' })
  await sdk.parsing.create({ ...params, upload_file: fileOf('a') })
  await clock.advance(minute)
  await sdk.parsing.create({ ...params, upload_file: fileOf('a', 'b') })
  await clock.advance(minute)
  const { id } = await sdk.parsing.create({ ...params, upload_file: fileOf('c') })
  await sdk.parsing.cancel(id)
  await clock.advance(minute)
  assert.deepEqual(types(), webhook_events)
})

test('a webhook is sent three times at most, one and two seconds apart, until somebody says 2xx', async () => {
  const answers = [500, 302, 204]
  const { sdk, clock, simulator, received } = setUpReceiver(all => answers[all.length - 1] ?? 500)
  const webhook_configurations = [{ ...json, webhook_events: ['parse.success'] }]
  await sdk.parsing.create({ ...basic, upload_file: fileOf('a'), webhook_configurations })
  await clock.advance(minute)
  const [first = 0, ...rest] = received.map(({ at }) => at)
  assert.deepEqual(
    rest.map(at => at - first),
    [1000, 3000],
  )
  assert.equal(new Set(received.map(({ event }) => event.event_id)).size, 1)
  assert.deepEqual(simulator.counters().webhooks, { events: 1, sent: 3, acknowledged: 1, lost: 0 })
  await sdk.parsing.create({ ...basic, upload_file: fileOf('b'), webhook_configurations })
  await clock.advance(minute)
  assert.deepEqual(simulator.counters().webhooks, { events: 2, sent: 6, acknowledged: 1, lost: 1 })
})

test('an address that does not answer in 30 seconds, or breaks off, has not got it', async () => {
  let sent = 0
  const deliver = (): Promise<Response> =>
    ++sent % 2 === 0 ? Promise.reject(new Error('refused')) : new Promise(() => {})
  const { sdk, clock, simulator } = setUpCloud({ deliver })
  const webhook_configurations = [{ ...json, webhook_events: ['parse.success'] }]
  await sdk.parsing.create({ ...basic, upload_file: fileOf('a'), webhook_configurations })
  await clock.advance(3100 + 30_000 + 1000 + 2000 + 29_999)
  assert.deepEqual(simulator.counters().webhooks, { events: 1, sent: 3, acknowledged: 0, lost: 0 })
  await clock.advance(1)
  assert.equal(simulator.counters().webhooks.lost, 1)
})

const deliveries: [delivery: Extract<Fault, { kind: 'webhooks' }>['delivery'], types: string[], lost: number][] = [
  ['lost', [], 3],
  [
    'duplicated',
    ['parse.pending', 'parse.pending', 'parse.running', 'parse.running', 'parse.success', 'parse.success'],
    0,
  ],
  ['late', ['parse.pending', 'parse.running', 'parse.success'], 0],
  ['reordered', ['parse.success', 'parse.running', 'parse.pending'], 0],
]
for (const [delivery, expected, lost] of deliveries) {
  test(`I9: ${delivery} webhooks`, async () => {
    const { sdk, clock, simulator, received, types } = setUpReceiver()
    simulator.inject({ kind: 'webhooks', delivery, lateMs: 120_000 })
    await sdk.parsing.create({ ...basic, upload_file: fileOf('a'), webhook_configurations: [json] })
    await clock.advance(minute)
    if (delivery === 'late') assert.deepEqual(types(), [])
    await clock.advance(3 * minute)
    assert.deepEqual(types(), expected)
    assert.equal(new Set(received.map(({ event }) => event.event_id)).size, new Set(expected).size)
    const { events, acknowledged } = simulator.counters().webhooks
    assert.deepEqual([events, acknowledged, simulator.counters().webhooks.lost], [3, 3 - lost, lost])
  })
}

test('stored configurations: created, listed, changed, used, deleted; the secret is not shown', async () => {
  const { sdk, clock, received } = setUpReceiver()
  const first = await sdk.webhookConfigs.create({ webhook_url, webhook_signing_secret: 'one' })
  const second = await sdk.webhookConfigs.create({
    webhook_url: 'https://hooks.example.com/2',
    webhook_events: ['parse.error'],
  })
  assert.deepEqual([first.has_secret, second.has_secret, first.tenant_type], [true, false, 'project'])
  assert.doesNotMatch(JSON.stringify(first), /signing_secret/)
  assert.deepEqual(
    (await sdk.webhookConfigs.list()).map(({ id }) => id),
    [second.id, first.id],
  )
  await sdk.webhookConfigs.update(first.id, { webhook_signing_secret: 'two', webhook_events: ['parse.success'] })
  assert.deepEqual((await sdk.webhookConfigs.retrieve(first.id)).webhook_events, ['parse.success'])
  const webhook_configuration_ids = [first.id, second.id]
  await sdk.parsing.create({ ...basic, upload_file: fileOf('a'), webhook_configuration_ids })
  await clock.advance(minute)
  assert.deepEqual(
    received.map(({ url }) => url),
    [webhook_url],
  )
  const digest = createHmac('sha256', 'two')
    .update(received[0]?.body ?? '')
    .digest('hex')
  assert.equal(received[0]?.headers.get('lc-signature'), `sha256=${digest}`)
  await sdk.webhookConfigs.delete(first.id)
  await assert.rejects(sdk.webhookConfigs.retrieve(first.id), { status: 404 })
  await assert.rejects(sdk.webhookConfigs.create({ webhook_url, webhook_events: [] }), { status: 422 })
  await assert.rejects(sdk.webhookConfigs.create({ webhook_url: 'http://localhost/' }), { status: 422 })
})

test('a webhook to a private address arrives over the network where that is allowed', async () => {
  const bodies: string[] = []
  const receiver = await serveHandler(async request => {
    bodies.push(await request.text())
    return new Response('ok')
  })
  after(receiver.close)
  const simulator = createLlamaCloudSimulator({
    parse: parseFormFeeds,
    timing: { pendingMs: 0, runningMs: 0, msPerPage: 0 },
    allowsPrivateWebhooks: true,
  })
  const { sdk } = setUpCloud()
  const own = sdk.withOptions({ fetch: (url, init) => simulator.fetch(new Request(url as string, init)) })
  const webhook_configurations = [{ ...json, webhook_url: receiver.url, webhook_events: ['parse.success'] }]
  const { id } = await own.parsing.create({ ...basic, upload_file: fileOf('a'), webhook_configurations })
  await simulator.idle()
  assert.deepEqual(
    bodies.map(body => JSON.parse(body).data),
    [{ id, job_id: id }],
  )
  await simulator.close()
})
