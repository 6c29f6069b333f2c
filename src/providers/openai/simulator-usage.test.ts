import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import { listPrice } from './__fixtures__/list-price.ts'
import { createOpenAiSimulator } from './simulator.ts'
import type { OpenAiSimulatorOptions } from './simulator-options.ts'

const small = 'text-embedding-3-small'
const large = 'text-embedding-3-large'
const seconds = (time: string) => Date.parse(time) / 1000
const countTokens = (text: string) => text.split(' ').length

function setUp(options: Partial<OpenAiSimulatorOptions> = {}) {
  const clock = { now: new Date('2026-11-20T10:00:00Z') }
  const simulator = createOpenAiSimulator({
    countTokens,
    price: listPrice,
    nowMs: () => 0,
    now: () => clock.now,
    apiKey: 'sk-right',
    adminKey: 'sk-admin-right',
    ...options,
  })
  const sdk = (keys: { apiKey?: string; adminAPIKey?: string }) =>
    new OpenAI({
      apiKey: null,
      adminAPIKey: null,
      ...keys,
      maxRetries: 0,
      logLevel: 'off',
      fetch: (url, init) => simulator.fetch(new Request(url, init)),
    })
  const { usage } = sdk({ adminAPIKey: 'sk-admin-right' }).admin.organization
  const embed = async (at: string, model: string, ...input: string[]) => {
    clock.now = new Date(at)
    await sdk({ apiKey: 'sk-right' }).embeddings.create({ model, input, dimensions: 2 })
  }
  return { simulator, sdk, usage, embed, clock }
}

test('the official SDK reads what each model was used on each day', async () => {
  const { usage, embed, clock } = setUp()
  await embed('2026-11-20T00:00:00Z', small, 'one two', 'three')
  await embed('2026-11-20T23:59:59.999Z', small, 'four')
  await embed('2026-11-21T00:00:00Z', large, 'five')
  clock.now = new Date('2026-11-22T12:00:00Z')
  const start_time = seconds('2026-11-20')
  const page = await usage.embeddings({ start_time, group_by: ['model'] })
  const result = { object: 'organization.usage.embeddings.result', project_id: null, api_key_id: null, user_id: null }
  assert.deepEqual(page, {
    object: 'page',
    data: [
      {
        object: 'bucket',
        start_time,
        end_time: seconds('2026-11-21'),
        results: [{ ...result, model: small, input_tokens: 4, num_model_requests: 2 }],
      },
      {
        object: 'bucket',
        start_time: seconds('2026-11-21'),
        end_time: seconds('2026-11-22'),
        results: [{ ...result, model: large, input_tokens: 1, num_model_requests: 1 }],
      },
      { object: 'bucket', start_time: seconds('2026-11-22'), end_time: seconds('2026-11-23'), results: [] },
    ],
    has_more: false,
    next_page: null,
  })
})

test('the official SDK reads what was charged, by line item or in one sum', async () => {
  const { usage, embed, simulator } = setUp()
  await embed('2026-11-20T08:00:00Z', small, 'one two')
  await embed('2026-11-20T09:00:00Z', large, 'three')
  const costs = async (group_by?: ['line_item']) => {
    const page = await usage.costs({ start_time: seconds('2026-11-20'), ...(group_by && { group_by }) })
    return page.data.flatMap(bucket => bucket.results)
  }
  const plain = { object: 'organization.costs.result', project_id: null, api_key_id: null, user_id: null }
  const tokens = { ...plain, quantity_unit: 'tokens' }
  assert.deepEqual(await costs(['line_item']), [
    { ...tokens, amount: { value: 40e-9, currency: 'usd' }, line_item: `${small}, input`, quantity: 2 },
    { ...tokens, amount: { value: 130e-9, currency: 'usd' }, line_item: `${large}, input`, quantity: 1 },
  ])
  const total = { amount: { value: 170e-9, currency: 'usd' }, line_item: null, quantity: null, quantity_unit: null }
  assert.deepEqual(await costs(), [{ ...plain, ...total }])
  assert.equal(simulator.counters().chargedNanoUsd, 170n)
})

test('filters leave out what they do not name', async () => {
  const { usage, embed } = setUp()
  await embed('2026-11-20T08:00:00Z', small, 'one two')
  await embed('2026-11-20T08:00:00Z', large, 'three')
  const start_time = seconds('2026-11-20')
  const tokens = async (filter: object) => {
    const page = await usage.embeddings({ start_time, ...filter })
    return page.data.flatMap(({ results }) => results.map(result => 'input_tokens' in result && result.input_tokens))
  }
  assert.deepEqual(await tokens({}), [3])
  assert.deepEqual(await tokens({ models: [large] }), [1])
  assert.deepEqual(await tokens({ models: [small, large] }), [3])
  assert.deepEqual(await tokens({ project_ids: ['proj_simulated'] }), [3])
  assert.deepEqual(await tokens({ project_ids: ['proj_other'] }), [])
  const lines = await usage.costs({ start_time, line_items: [`${large}, input`], group_by: ['line_item'] })
  assert.equal(lines.data[0]?.results.length, 1)
})

test('pages follow one another without a gap, in minutes, hours and days', async () => {
  for (const [bucket_width, width] of [
    ['1m', 60],
    ['1h', 3600],
    ['1d', 86_400],
  ] as const) {
    const { usage } = setUp()
    const start_time = seconds('2026-11-01')
    const query = { start_time, end_time: start_time + 7 * width, bucket_width, limit: 3 }
    const starts: number[] = []
    const sizes: number[] = []
    for (let page: string | null | undefined; page !== null; ) {
      const answer = await usage.embeddings({ ...query, ...(page && { page }) })
      starts.push(...answer.data.map(bucket => bucket.start_time))
      sizes.push(answer.data.length)
      assert.equal(answer.has_more, answer.next_page !== null)
      page = answer.next_page
    }
    assert.deepEqual(sizes, [3, 3, 1])
    assert.deepEqual(
      starts,
      Array.from({ length: 7 }, (_, i) => start_time + i * width),
    )
  }
})

test('charges are shown only when the delay is over, to the millisecond', async () => {
  const { usage, embed, clock, simulator } = setUp({ usageDelayMs: 60_000 })
  await embed('2026-11-20T10:00:30Z', small, 'one two')
  const isShown = async (at: string) => {
    clock.now = new Date(at)
    const start_time = seconds('2026-11-20')
    const pages = [await usage.embeddings({ start_time }), await usage.costs({ start_time })]
    return pages.map(page => page.data[0]?.results.length)
  }
  assert.deepEqual(await isShown('2026-11-20T10:01:29.999Z'), [0, 0])
  assert.deepEqual(await isShown('2026-11-20T10:01:30Z'), [1, 1])
  assert.equal(simulator.counters().tokens, 2)
})

const start = `start_time=${seconds('2026-11-20')}`
const refused: [query: string, param: string][] = [
  ['', 'start_time'],
  ['start_time=yesterday', 'start_time'],
  [`${start}&end_time=${seconds('2026-11-20')}`, 'end_time'],
  [`${start}&bucket_width=1w`, 'bucket_width'],
  [`${start}&bucket_width=toString`, 'bucket_width'],
  [`${start}&limit=0`, 'limit'],
  [`${start}&limit=32`, 'limit'],
  [`${start}&bucket_width=1h&limit=169`, 'limit'],
  [`${start}&bucket_width=1m&limit=1441`, 'limit'],
  [`${start}&group_by[]=line_item`, 'group_by'],
  [`${start}&page=page_x`, 'page'],
  [`${start}&page=nonsense`, 'page'],
]
for (const [query, param] of refused) {
  test(`"?${query}" is a 400 for ${param}`, async () => {
    const { simulator } = setUp()
    const url = `https://api.openai.com/v1/organization/usage/embeddings?${query}`
    const headers = { authorization: 'Bearer sk-admin-right' }
    const reply = await simulator.fetch(new Request(url, { headers }))
    const { error } = JSON.parse(await reply.text())
    assert.deepEqual([reply.status, error.type, error.param], [400, 'invalid_request_error', param])
  })
}

test('costs come by days alone, at most 180 at once', async () => {
  const { usage } = setUp()
  const start_time = seconds('2026-01-01')
  assert.equal((await usage.costs({ start_time, limit: 180 })).data.length, 180)
  await assert.rejects(usage.costs({ start_time, limit: 181 }), { status: 400 })
  const hours = { start_time, bucket_width: '1h' as '1d' }
  await assert.rejects(usage.costs(hours), { status: 400 })
})

test('only the admin key reads usage, and it embeds nothing', async () => {
  const { sdk, simulator } = setUp()
  const read = (keys: Parameters<typeof sdk>[0]) => sdk(keys).admin.organization.usage.costs({ start_time: 1 })
  await assert.rejects(read({ adminAPIKey: 'sk-right' }), { status: 403 })
  await assert.rejects(read({ adminAPIKey: 'sk-proj-other' }), { status: 403 })
  await assert.rejects(read({ adminAPIKey: 'sk-admin-other' }), { status: 401, code: 'invalid_api_key' })
  await assert.rejects(sdk({ apiKey: 'sk-admin-right' }).embeddings.create({ model: small, input: 'x' }), {
    status: 401,
  })
  const noKey = await simulator.fetch(new Request('https://api.openai.com/v1/organization/costs?start_time=1'))
  assert.equal(noKey.status, 401)
})

test('without an admin key of its own the simulator takes any, but no ordinary one', async () => {
  const simulator = createOpenAiSimulator({ countTokens, price: listPrice, nowMs: () => 0 })
  const statusOf = async (key: string) => {
    const url = `https://api.openai.com/v1/organization/costs?${start}`
    return (await simulator.fetch(new Request(url, { headers: { authorization: `Bearer ${key}` } }))).status
  }
  assert.deepEqual([await statusOf('sk-admin-any'), await statusOf('sk-any')], [200, 403])
})

test('reports are read only, and reading them is no request of the counters', async () => {
  const { usage, simulator } = setUp()
  const headers = { authorization: 'Bearer sk-admin-right' }
  const url = `https://api.openai.com/v1/organization/costs?${start}`
  assert.equal((await simulator.fetch(new Request(url, { method: 'POST', headers }))).status, 405)
  await usage.costs({ start_time: seconds('2026-11-20') })
  assert.deepEqual(simulator.counters(), { requests: 0, inputs: 0, tokens: 0, chargedNanoUsd: 0n })
})

test('a call whose answer was lost is charged in the reports too', async () => {
  const { usage, embed, simulator } = setUp()
  simulator.inject({ kind: 'connection_lost', billed: true })
  await assert.rejects(embed('2026-11-20T08:00:00Z', small, 'one two'))
  const page = await usage.costs({ start_time: seconds('2026-11-20') })
  assert.equal(page.data[0]?.results.length, 1)
})
