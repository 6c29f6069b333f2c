import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createUsageMetricsSimulator } from './simulator-usage.ts'

const organization_id = '0f5a2f6e-98b5-4c70-9d0c-2a52a1c7f001'

function setUp(usageDelayMs = 0) {
  const clock = { now: new Date('2026-11-23T12:00:00Z') }
  const simulator = createUsageMetricsSimulator({ apiKey: 'llx-right', now: () => clock.now, usageDelayMs })
  const get = async (query: string[][], key = 'llx-right', path = '/api/v1/beta/usage-metrics', method = 'GET') => {
    const url = `https://api.cloud.llamaindex.ai${path}?${new URLSearchParams(query)}`
    const reply = await simulator.fetch(new Request(url, { method, headers: { authorization: `Bearer ${key}` } }))
    return { status: reply.status, json: JSON.parse(await reply.text()) }
  }
  const list = async (...query: string[][]) => (await get([['organization_id', organization_id], ...query])).json
  return { simulator, clock, get, list }
}

test('a recorded job is a metric with the documented fields', async () => {
  const { simulator, list } = setUp()
  simulator.record({ jobId: 'pjb-1', pages: 12, credits: 36, at: new Date('2026-11-22T23:59:59.999Z'), tier: 'fast' })
  const { items, ...page } = await list()
  assert.deepEqual(page, { next_page_token: null, total_size: null })
  const { id, user_id, project_id, ...metric } = items[0]
  assert.ok(id && user_id && project_id)
  assert.deepEqual(metric, {
    organization_id,
    event_type: 'pages_parsed',
    value: 12,
    properties: { tier: 'fast' },
    day: '2026-11-22',
    event_aggregation_key: 'pjb-1',
    event_aggregation_type: 'pdf',
    credits: 36,
  })
})

test('filters by job, by days and by type of event', async () => {
  const { simulator, list } = setUp()
  for (const day of [1, 2, 3]) {
    simulator.record({ jobId: `pjb-${day}`, pages: day, credits: day, at: new Date(`2026-11-0${day}`) })
  }
  const pages = async (...query: string[][]) =>
    (await list(...query)).items.map((item: { value: number }) => item.value)
  assert.deepEqual(await pages(['event_aggregation_key', 'pjb-2']), [2])
  assert.deepEqual(await pages(['event_aggregation_key', 'pjb-9']), [])
  assert.deepEqual(await pages(['day_on_or_after', '2026-11-02']), [2, 3])
  assert.deepEqual(await pages(['day_on_or_before', '2026-11-02']), [1, 2])
  assert.deepEqual(await pages(['days', '2026-11-01'], ['days', '2026-11-03']), [1, 3])
  assert.deepEqual(await pages(['event_types', 'pages_parsed']), [1, 2, 3])
  assert.deepEqual(await pages(['event_types', 'pages_indexed']), [])
})

test('pages follow one another without a gap', async () => {
  const { simulator, list } = setUp()
  for (let i = 0; i < 5; i++) simulator.record({ jobId: `pjb-${i}`, pages: i, credits: i, at: new Date('2026-11-01') })
  const found: number[] = []
  for (let token: string | null | undefined; token !== null; ) {
    const page = await list(['page_size', '2'], ['include_total', 'true'], ...(token ? [['page_token', token]] : []))
    assert.equal(page.total_size, 5)
    found.push(...page.items.map((item: { value: number }) => item.value))
    token = page.next_page_token
  }
  assert.deepEqual(found, [0, 1, 2, 3, 4])
})

test('a charge is shown when its delay is over', async () => {
  const { simulator, list, clock } = setUp(60_000)
  simulator.record({ jobId: 'pjb-1', pages: 1, credits: 3, at: new Date('2026-11-23T12:00:00Z') })
  clock.now = new Date('2026-11-23T12:00:59.999Z')
  assert.equal((await list()).items.length, 0)
  clock.now = new Date('2026-11-23T12:01:00Z')
  assert.equal((await list()).items.length, 1)
})

test('without an organization it is a 422 that names it', async () => {
  const { status, json } = await setUp().get([])
  const fault = { type: 'missing', loc: ['query', 'organization_id'], msg: 'Field required', input: null }
  assert.deepEqual([status, json], [422, { detail: [fault] }])
})

const wrong: [name: string, value: string][] = [
  ['organization_id', 'org-1'],
  ['page_size', '0'],
  ['page_size', '1001'],
  ['day_on_or_after', '2026-02-30'],
  ['days', 'today'],
]
for (const [name, value] of wrong) {
  test(`${name}=${value} is a 422`, async () => {
    const rest = name === 'organization_id' ? [] : [['organization_id', organization_id]]
    const { status, json } = await setUp().get([...rest, [name, value]])
    assert.deepEqual([status, json.detail[0].loc, json.detail[0].input], [422, ['query', name], value])
  })
}

test('a wrong key, another path, another method and a token of nobody are refused', async () => {
  const { get } = setUp()
  const query = [['organization_id', organization_id]]
  assert.equal((await get(query, 'llx-wrong')).status, 401)
  assert.equal((await get(query, 'llx-right', '/api/v1/beta/usage')).status, 404)
  assert.equal((await get(query, 'llx-right', undefined, 'POST')).status, 405)
  assert.equal((await get([...query, ['page_token', 'x']])).status, 400)
})
