import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basic, fileOf, finish, type Params, setUpCloud } from './__fixtures__/simulated-cloud.ts'

const hour = 3_600_000

const prices: [name: string, params: Partial<Params>, pages: string[], credits: number][] = [
  ['fast', { tier: 'fast' }, ['a', 'b'], 2],
  ['cost_effective', {}, ['a', 'b'], 6],
  ['agentic', { tier: 'agentic' }, ['a', 'b'], 20],
  ['agentic_plus', { tier: 'agentic_plus' }, ['a', 'b'], 90],
  ['charts, and so layout', { processing_options: { specialized_chart_parsing: 'efficient' } }, ['a', 'b'], 12],
  ['high effort of confidence', { processing_options: { confidence_score_effort: 'high' } }, ['a', 'b'], 16],
  ['forms', { processing_options: { forms: 'enrich' } }, ['a', 'name: ______'], 16],
  [
    'the cost optimizer',
    { tier: 'agentic', processing_options: { cost_optimizer: { enable: true } } },
    ['a', '|a|b|\n|-|-|\n|1|2|'],
    13,
  ],
  ['a spreadsheet', { tier: 'agentic', upload_file: new File(['a\fb\fc'], 'book.XLSX') }, [], 3],
]
for (const [name, params, pages, credits] of prices) {
  test(`${name}: ${credits} credits`, async () => {
    assert.equal((await finish(setUpCloud(), pages, params)).job.usage?.credits, credits)
  })
}

test('the same file with the same options costs nothing for 48 hours and is done at once', async () => {
  const cloud = setUpCloud()
  const creditsOf = async (params: Partial<Params> = {}) => (await finish(cloud, ['a', 'b'], params)).job.usage?.credits
  assert.equal(await creditsOf(), 6)
  assert.equal(await creditsOf({ user_metadata: { a: 'b' }, client_name: 'other' }), 0)
  assert.equal(await creditsOf({ page_ranges: {}, upload_file: new File(['a\fb'], 'other.pdf') }), 6)
  assert.equal(await creditsOf({ upload_file: new File(['a\fb'], 'other.pdf') }), 0)
  assert.equal(await creditsOf({ disable_cache: true }), 6)
  assert.equal(await creditsOf({ tier: 'agentic' }), 20)
  const again = await cloud.sdk.parsing.create({ ...basic, upload_file: fileOf('a', 'b') })
  await cloud.clock.advance(0)
  const { job, markdown_full } = await cloud.sdk.parsing.get(again.id, { expand: ['markdown_full'] })
  assert.deepEqual([again.status, job.status, markdown_full], ['PENDING', 'COMPLETED', 'a\n\n---\n\nb'])
  await cloud.clock.advance(48 * hour)
  assert.equal(await creditsOf(), 6)
  assert.equal(cloud.simulator.counters().cached, 3)
})

test('the 48 hours begin when the first job ends', async () => {
  for (const [msAfterTheEnd, credits] of [
    [48 * hour - 1, 0],
    [48 * hour, 3],
  ] as const) {
    const cloud = setUpCloud({ timing: { pendingMs: 0, runningMs: 60_000, msPerPage: 0 } })
    await finish(cloud, ['a'])
    await cloud.clock.advance(msAfterTheEnd)
    assert.equal((await finish(cloud, ['a'])).job.usage?.credits, credits)
  }
})

test('a second job for the same file before the first has ended is charged too', async () => {
  const cloud = setUpCloud()
  await cloud.sdk.parsing.create({ ...basic, upload_file: fileOf('a') })
  await finish(cloud, ['a'])
  assert.equal(cloud.simulator.counters().credits, 6)
})

test('credits are null until they are billed, at the job and in the usage metrics', async () => {
  const cloud = setUpCloud({ billingDelayMs: hour })
  const metricsOf = async (id: string) => {
    const query = `organization_id=0f5a2f6e-98b5-4c70-9d0c-2a52a1c7f001&event_aggregation_key=${id}`
    const url = `https://api.cloud.llamaindex.ai/api/v1/beta/usage-metrics?${query}`
    const reply = await cloud.simulator.fetch(new Request(url, { headers: { authorization: 'Bearer llx-any' } }))
    return JSON.parse(await reply.text()).items
  }
  const { job } = await finish(cloud, ['a', 'b'])
  assert.equal(job.usage?.credits, null)
  assert.deepEqual(await metricsOf(job.id), [])
  await cloud.clock.advance(hour)
  assert.equal((await cloud.sdk.parsing.get(job.id, { expand: ['usage'] })).job.usage?.credits, 6)
  const [metric] = await metricsOf(job.id)
  assert.deepEqual([metric.value, metric.credits, metric.properties], [2, 6, { tier: 'cost_effective' }])
  assert.equal((await cloud.sdk.parsing.get(job.id)).job.usage, null)
})

test('without credits left a job is refused with a 402, and nothing is created', async () => {
  const cloud = setUpCloud({ creditsLeft: 6 })
  await finish(cloud, ['a', 'b'])
  await assert.rejects(finish(cloud, ['c']), {
    status: 402,
    error: { detail: "You've exceeded the maximum number of credits for your plan." },
  })
  assert.equal(cloud.simulator.counters().jobs, 1)
})
