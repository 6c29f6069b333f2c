import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causeChain } from '../../contract/failure.ts'
import { createUsageMetricsSimulator } from './simulator-usage.ts'
import { createLlamaParseJobUsage, createLlamaParseUsageReader, type LlamaParseUsageOptions } from './usage-reader.ts'

const organizationId = '0f5a2f6e-98b5-4c70-9d0c-2a52a1c7f001'
const never = { signal: new AbortController().signal }
const november = { from: new Date('2026-11-01'), to: new Date('2026-12-01') }
const at = (time: string) => new Date(time)

function setUp(options: Partial<LlamaParseUsageOptions> = {}, usageDelayMs = 0) {
  const clock = { now: at('2026-12-24') }
  const simulator = createUsageMetricsSimulator({ apiKey: 'llx-right', now: () => clock.now, usageDelayMs })
  let requests = 0
  const fetch = (request: Request) => {
    requests++
    return simulator.fetch(request)
  }
  const all = {
    apiKey: 'llx-right',
    baseUrl: 'https://api.cloud.llamaindex.ai',
    organizationId,
    timeoutMs: 5000,
    nanoUsdPerCredit: 1_250_000n,
    fetch,
    ...options,
  }
  const reader = createLlamaParseUsageReader(all)
  return { simulator, clock, reader, jobUsage: createLlamaParseJobUsage(all), requests: () => requests }
}

const metric = { event_type: 'pages_parsed', value: 2, credits: 6, day: '2026-11-20', event_aggregation_key: 'pjb-1' }
const answering = (...replies: unknown[]) => ({ fetch: async () => Response.json(replies.shift()) })

test('pages, jobs and dollars of each day', async () => {
  const { simulator, reader } = setUp()
  simulator.record({ jobId: 'pjb-1', pages: 3, credits: 9, at: at('2026-11-20T00:00:00Z') })
  simulator.record({ jobId: 'pjb-2', pages: 4, credits: 12.5, at: at('2026-11-20T23:59:59.999Z') })
  simulator.record({ jobId: 'pjb-3', pages: 1, credits: 0, at: at('2026-11-21T00:00:00Z') })
  simulator.record({ jobId: 'pjb-4', pages: 9, credits: 9, at: at('2026-12-01T00:00:00Z') })
  const common = { provider: 'llamaparse', operation: 'parse', model: null } as const
  assert.deepEqual(await reader.read(november, never), [
    { day: '2026-11-20', ...common, units: 7n, costNanoUsd: 26_875_000n, calls: 2 },
    { day: '2026-11-21', ...common, units: 1n, costNanoUsd: 0n, calls: 1 },
  ])
})

test('tiers are told apart where they are told', async () => {
  const { simulator, reader } = setUp()
  simulator.record({ jobId: 'pjb-1', pages: 3, credits: 9, at: at('2026-11-20'), tier: 'cost_effective' })
  simulator.record({ jobId: 'pjb-2', pages: 3, credits: 30, at: at('2026-11-20'), tier: 'agentic' })
  const lines = await reader.read(november, never)
  assert.deepEqual(
    lines.map(({ model, costNanoUsd }) => [model, costNanoUsd]),
    [
      ['cost_effective', 11_250_000n],
      ['agentic', 37_500_000n],
    ],
  )
})

test('250 jobs take three pages, and none is lost or counted twice', async () => {
  const { simulator, reader, requests } = setUp()
  for (let i = 0; i < 250; i++) simulator.record({ jobId: `pjb-${i}`, pages: 1, credits: 3, at: at('2026-11-20') })
  const [line] = await reader.read(november, never)
  assert.deepEqual([line?.calls, line?.units, line?.costNanoUsd], [250, 250n, 937_500_000n])
  assert.equal(requests(), 3)
})

test('a period without a moment asks nothing', async () => {
  const { reader, requests } = setUp()
  assert.deepEqual(await reader.read({ from: november.from, to: november.from }, never), [])
  assert.equal(requests(), 0)
})

test('a day with a job that is not billed has no cost yet', async () => {
  const { simulator, reader } = setUp()
  simulator.record({ jobId: 'pjb-1', pages: 3, credits: 9, at: at('2026-11-20') })
  simulator.record({ jobId: 'pjb-2', pages: 4, credits: null, at: at('2026-11-20') })
  const [line] = await reader.read(november, never)
  assert.deepEqual([line?.units, line?.costNanoUsd], [7n, null])
})

test('one job is looked up by its id: nothing before the delay is over, then pages and dollars', async () => {
  const { simulator, jobUsage, clock } = setUp({}, 60_000)
  simulator.record({ jobId: 'pjb-1', pages: 3, credits: 9, at: clock.now })
  simulator.record({ jobId: 'pjb-2', pages: 4, credits: null, at: clock.now })
  assert.equal(await jobUsage('pjb-1', never), null)
  clock.now = new Date(clock.now.getTime() + 60_000)
  assert.deepEqual(await jobUsage('pjb-1', never), { pages: 3n, costNanoUsd: 11_250_000n })
  assert.deepEqual(await jobUsage('pjb-2', never), { pages: 4n, costNanoUsd: null })
  assert.equal(await jobUsage('pjb-3', never), null)
})

test("other products' events are not parsing, but a job's own add-ons are what the job cost", async () => {
  const addOn = { ...metric, event_type: 'layout_pages', credits: 1.5, properties: 'of an unknown shape' }
  const page = { items: [{ ...metric, properties: null }, addOn], next_page_token: null }
  const { reader, jobUsage } = setUp(answering(page, page))
  const [line, ...others] = await reader.read(november, never)
  assert.deepEqual([line?.costNanoUsd, others], [7_500_000n, []])
  assert.deepEqual(await jobUsage('pjb-1', never), { pages: 2n, costNanoUsd: 9_375_000n })
})

const malformed: [name: string, ...replies: unknown[]][] = [
  ['no object', 7],
  ['no items', { next_page_token: null }],
  ['pages that are no number', { items: [{ ...metric, value: 'many' }] }],
  ['half a page', { items: [{ ...metric, value: 0.5 }] }],
  ['credits that are no number', { items: [{ ...metric, credits: {} }] }],
  ['a day that is none', { items: [{ ...metric, day: '2026-02-30' }] }],
  ['pages in a circle', { items: [], next_page_token: 'a' }, { items: [], next_page_token: 'a' }],
]
for (const [name, ...replies] of malformed) {
  test(`${name}: a malformed reply`, async () => {
    const { reader } = setUp(answering(...replies))
    await assert.rejects(reader.read(november, never), { code: 'provider_reply_malformed' })
  })
}

const statuses: [status: number, code: string][] = [
  [400, 'provider_refused'],
  [401, 'provider_refused'],
  [403, 'provider_refused'],
  [422, 'provider_refused'],
  [429, 'provider_rate_limited'],
  [500, 'provider_unavailable'],
  [503, 'provider_unavailable'],
]
for (const [status, code] of statuses) {
  test(`HTTP ${status} becomes ${code}, without what the provider wrote`, async () => {
    const fetch = async () => Response.json({ detail: 'key llx-secret' }, { status })
    await assert.rejects(setUp({ fetch }).reader.read(november, never), (error: Error) => {
      assert.ok(error.message.includes(`HTTP ${status}`))
      assert.ok('code' in error && error.code === code)
      assert.doesNotMatch(`${error.message} ${causeChain(error)}`, /secret/)
      return true
    })
  })
}

test('a wrong key is refused, and is in no message', async () => {
  await assert.rejects(setUp({ apiKey: 'llx-secret-0123' }).reader.read(november, never), (error: Error) => {
    assert.doesNotMatch(`${error.message} ${error.stack} ${causeChain(error)}`, /secret|0123/)
    return 'code' in error && error.code === 'provider_refused'
  })
})

test('without a key or an organization the provider says that it is not configured', () => {
  assert.throws(() => setUp({ apiKey: '' }), { code: 'provider_not_configured' })
  assert.throws(() => setUp({ organizationId: '' }), { code: 'provider_not_configured' })
})

test('a lost connection and a missing answer are unavailability; an abort is what aborted it', async () => {
  const lost = async () => {
    throw new TypeError('fetch failed', { cause: new Error('socket hang up') })
  }
  await assert.rejects(setUp({ fetch: lost }).reader.read(november, never), { code: 'provider_unavailable' })
  const hanging = (request: Request) =>
    new Promise<Response>((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))
  const late = setUp({ fetch: hanging, timeoutMs: 50 }).reader.read(november, never)
  await assert.rejects(late, { code: 'provider_unavailable', message: /within 50 ms/ })
  const abort = new AbortController()
  const reason = new Error('enough')
  const reading = setUp({ fetch: hanging }).reader.read(november, { signal: abort.signal })
  setImmediate(() => abort.abort(reason))
  await assert.rejects(reading, error => error === reason)
})
