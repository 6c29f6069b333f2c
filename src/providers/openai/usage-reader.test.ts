import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causeChain } from '../../contract/failure.ts'
import { listPrice } from './__fixtures__/list-price.ts'
import { createOpenAiEmbeddings } from './embeddings-client.ts'
import { createOpenAiSimulator } from './simulator.ts'
import type { Fault } from './simulator-faults.ts'
import type { OpenAiSimulatorOptions } from './simulator-options.ts'
import { createOpenAiUsageMinutes } from './usage-minutes.ts'
import { createOpenAiUsageReader, type OpenAiUsageOptions } from './usage-reader.ts'

const small = 'text-embedding-3-small'
const large = 'text-embedding-3-large'
const never = { signal: new AbortController().signal }
const days = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) })
const november = days('2026-11-01', '2026-12-01')
const baseUrl = 'https://api.openai.com/v1'
const countTokens = (text: string) => text.split(' ').length

function setUp(reader: Partial<OpenAiUsageOptions> = {}, server: Partial<OpenAiSimulatorOptions> = {}) {
  const clock = { now: new Date('2026-11-20') }
  const simulator = createOpenAiSimulator({
    countTokens,
    price: listPrice,
    nowMs: () => 0,
    now: () => clock.now,
    adminKey: 'sk-admin-right',
    ...server,
  })
  const urls: URL[] = []
  const fetch = (request: Request) => {
    urls.push(new URL(request.url))
    return simulator.fetch(request)
  }
  const options = { adminKey: 'sk-admin-right', baseUrl, timeoutMs: 5000, models: [small], fetch, ...reader }
  const embed = async (at: string, model: string, ...texts: string[]) => {
    clock.now = new Date(at)
    const common = { apiKey: 'sk-any', baseUrl, dimensions: 2, timeoutMs: 5000, simulated: false, price: listPrice }
    const service = createOpenAiEmbeddings({ ...common, model, fetch: simulator.fetch })
    await service.call({ texts: texts.map(text => ({ text, tokenCount: countTokens(text) })) }, never)
  }
  const usageReader = createOpenAiUsageReader(options)
  return { simulator, clock, urls, embed, reader: usageReader, minutes: createOpenAiUsageMinutes(options) }
}

/** A server that says the same to every request for a report. */
const answering = (costs: unknown, embeddings: unknown = page([])) => ({
  fetch: async (request: Request) => Response.json(request.url.includes('/costs') ? costs : embeddings),
})
const page = (results: unknown[], more: object = { has_more: false, next_page: null }) => ({
  data: [{ start_time: 1_795_132_800, results }],
  ...more,
})
const cost = (value: unknown, line_item: unknown = `${small}, input`, currency: unknown = 'usd') =>
  page([{ amount: { value, currency }, line_item }])

test('tokens, calls and dollars of each day and model, as they were charged', async () => {
  const { reader, embed, simulator } = setUp()
  await embed('2026-11-20T00:00:00Z', small, 'one two', 'three')
  await embed('2026-11-20T23:59:59.999Z', small, 'four')
  await embed('2026-11-20T12:00:00Z', large, 'five')
  await embed('2026-11-21T00:00:00Z', small, 'six')
  const common = { provider: 'openai', operation: 'embed' } as const
  const lines = await reader.read(november, never)
  assert.deepEqual(lines, [
    { day: '2026-11-20', ...common, model: small, units: 4n, costNanoUsd: 80n, calls: 2 },
    { day: '2026-11-20', ...common, model: large, units: 1n, costNanoUsd: 130n, calls: 1 },
    { day: '2026-11-21', ...common, model: small, units: 1n, costNanoUsd: 20n, calls: 1 },
  ])
  const { chargedNanoUsd } = simulator.counters()
  assert.equal(
    lines.reduce((sum, line) => sum + (line.costNanoUsd ?? 0n), 0n),
    chargedNanoUsd,
  )
})

test('200 days take 7 pages of usage and 2 of costs, and no day is lost or counted twice', async () => {
  const { reader, embed, urls } = setUp()
  const first = Temporal.PlainDate.from('2026-04-01')
  const dayOf = (i: number) => first.add({ days: i }).toString()
  for (let i = 0; i < 200; i += 10) await embed(`${dayOf(i)}T12:00:00Z`, small, 'one two')
  const lines = await reader.read(days(dayOf(0), dayOf(200)), never)
  assert.deepEqual(
    lines.map(({ day, units, costNanoUsd }) => [day, units, costNanoUsd]),
    Array.from({ length: 20 }, (_, i) => [dayOf(i * 10), 2n, 40n]),
  )
  assert.equal(urls.filter(url => url.pathname.endsWith('/embeddings')).length, 7)
  assert.equal(urls.filter(url => url.pathname.endsWith('/costs')).length, 2)
})

test('days that the period only touches are whole; a period without a moment asks nothing', async () => {
  const { reader, embed, urls } = setUp()
  await embed('2026-11-20T00:00:00Z', small, 'one')
  await embed('2026-11-21T23:59:59Z', small, 'two')
  await embed('2026-11-22T00:00:00Z', small, 'three')
  const lines = await reader.read(days('2026-11-20T12:00:00Z', '2026-11-21T00:00:00.001Z'), never)
  assert.deepEqual(
    lines.map(line => line.day),
    ['2026-11-20', '2026-11-21'],
  )
  urls.length = 0
  assert.deepEqual(await reader.read(days('2026-11-21', '2026-11-21'), never), [])
  assert.equal(urls.length, 0)
})

test('what the provider does not show yet is not there, and is later', async () => {
  const { reader, embed, clock } = setUp({}, { usageDelayMs: 3_600_000 })
  await embed('2026-11-20T12:00:00Z', small, 'one')
  assert.deepEqual(await reader.read(november, never), [])
  clock.now = new Date('2026-11-20T13:00:00Z')
  assert.equal((await reader.read(november, never)).length, 1)
})

test('while only tokens are reported, the cost is unknown and not zero', async () => {
  const usage = page([{ model: small, input_tokens: 7, num_model_requests: 2 }])
  const { reader } = setUp(answering(page([]), usage))
  const [line] = await reader.read(november, never)
  assert.deepEqual([line?.units, line?.calls, line?.costNanoUsd], [7n, 2, null])
})

test("a model's lines of the bill add up, under the name of the ledger; other products are left out", async () => {
  const line = (value: unknown, line_item: string | null) => ({ amount: { value, currency: 'usd' }, line_item })
  const costs = page([
    line(0.000_000_04, `${small}, input`),
    line('0.0000000100000000000000000000001', `${small}-batch, input`),
    line(5, 'gpt-4o, output'),
    line('0E-6176', null),
    line(0.000_001, 'text-embedding-9, input'),
  ])
  const usage = page([{ model: `${small}-v2`, input_tokens: 3, num_model_requests: 1 }])
  const { reader } = setUp(answering(costs, usage))
  const lines = await reader.read(november, never)
  assert.deepEqual(
    lines.map(({ model, units, costNanoUsd, calls }) => [model, units, costNanoUsd, calls]),
    [
      [small, 3n, 50n, 1],
      ['text-embedding-9', 0n, 1000n, 0],
    ],
  )
})

test('only some projects, if they are named', async () => {
  const other = setUp({ projectIds: ['proj_other'] })
  await other.embed('2026-11-20', small, 'one')
  assert.deepEqual(await other.reader.read(november, never), [])
  const own = setUp({ projectIds: ['proj_simulated'] })
  await own.embed('2026-11-20', small, 'one')
  assert.equal((await own.reader.read(november, never)).length, 1)
})

const malformed: [name: string, costs: unknown][] = [
  ['no object', []],
  ['no buckets', { has_more: false, next_page: null }],
  ['an amount that is no number', cost('much')],
  ['an amount of a currency that is not the dollar', cost(1, `${small}, input`, 'eur')],
  ['a cursor that is missing', page([], { has_more: true, next_page: null })],
  ['a cursor that repeats', page([], { has_more: true, next_page: 'page_again' })],
  ['a time that no date can hold', { ...page([]), data: [{ start_time: 1e15, results: [] }] }],
]
for (const [name, costs] of malformed) {
  test(`${name} is a malformed reply`, async () => {
    const { reader } = setUp(answering(costs))
    await assert.rejects(reader.read(november, never), { code: 'provider_reply_malformed' })
  })
}

test('a currency is refused by name, and only where it matters', async () => {
  const euros = setUp(answering(cost(1, `${small}, input`, 'eur')))
  await assert.rejects(euros.reader.read(november, never), /in EUR, and the books are in US dollars/)
  const elsewhere = setUp(answering(cost(1, 'gpt-4o, input', 'eur')))
  assert.deepEqual(await elsewhere.reader.read(november, never), [])
})

const outcomes: [Fault, string][] = [
  [{ kind: 'rate_limited', retryAfterMs: 70 }, 'provider_rate_limited'],
  [{ kind: 'server_error', status: 500 }, 'provider_unavailable'],
  [{ kind: 'hang', billed: false }, 'provider_unavailable'],
  [{ kind: 'body_hangs' }, 'provider_unavailable'],
  [{ kind: 'connection_lost', billed: false }, 'provider_unavailable'],
  [{ kind: 'malformed', body: 'empty' }, 'provider_reply_malformed'],
  [{ kind: 'malformed', body: 'html' }, 'provider_reply_malformed'],
  [{ kind: 'malformed', body: 'cut_short' }, 'provider_reply_malformed'],
  [{ kind: 'malformed', body: 'other_shape' }, 'provider_reply_malformed'],
]
for (const [fault, code] of outcomes) {
  test(`${JSON.stringify(fault)} becomes ${code} without a second try`, async () => {
    const { reader, simulator, urls } = setUp({ timeoutMs: 300 })
    simulator.inject(fault)
    await assert.rejects(reader.read(november, never), { code })
    assert.equal(urls.length, 1)
  })
}

test('a key that may not read usage is refused, and is in no message', async () => {
  for (const adminKey of ['sk-proj-secret-0123456789', 'sk-admin-secret-0123456789']) {
    const { reader } = setUp({ adminKey })
    await assert.rejects(reader.read(november, never), (error: Error) => {
      assert.match(error.message, /takes an admin key of the organization \(HTTP 40[13]\)/)
      assert.doesNotMatch(`${error.message} ${error.stack} ${causeChain(error)}`, /secret|6789/)
      return 'code' in error && error.code === 'provider_refused'
    })
  }
})

test('without an admin key the provider says that it is not configured', () => {
  assert.throws(() => setUp({ adminKey: '' }), { code: 'provider_not_configured' })
})

test('an aborted reading rejects with the reason of whoever aborted it', async () => {
  const { reader, simulator } = setUp()
  simulator.inject({ kind: 'hang', billed: false })
  const abort = new AbortController()
  const reason = new Error('enough')
  const reading = reader.read(november, { signal: abort.signal })
  setImmediate(() => abort.abort(reason))
  await assert.rejects(reading, error => error === reason)
})

test('single minutes of one model tell whether a call was charged', async () => {
  const { minutes, embed, urls } = setUp()
  await embed('2026-11-20T10:00:30Z', small, 'one two')
  await embed('2026-11-20T10:00:59.999Z', small, 'three')
  await embed('2026-11-20T10:00:30Z', large, 'other')
  await embed('2026-11-20T10:02:00Z', small, 'four')
  const found = await minutes(small, days('2026-11-20T10:00:40Z', '2026-11-20T10:01:10Z'), never)
  assert.deepEqual(found, [{ from: new Date('2026-11-20T10:00:00Z'), tokens: 3n, calls: 2 }])
  const widths = urls.map(url => url.searchParams.get('bucket_width'))
  assert.deepEqual(widths, ['1m'])
  const wholeDays = await minutes(small, days('2026-11-20', '2026-11-22'), never)
  assert.deepEqual(
    wholeDays.map(minute => minute.calls),
    [2, 1],
  )
  assert.equal(urls.length, 1 + 2)
})

test('a call whose answer was lost shows in its minute if it was charged, and not if it was not', async () => {
  for (const billed of [true, false]) {
    const { minutes, embed, simulator } = setUp()
    simulator.inject({ kind: 'connection_lost', billed })
    await assert.rejects(embed('2026-11-20T10:00:30Z', small, 'one two'))
    const found = await minutes(small, days('2026-11-20T10:00', '2026-11-20T10:02'), never)
    assert.deepEqual(
      found.map(minute => minute.tokens),
      billed ? [2n] : [],
    )
  }
})
