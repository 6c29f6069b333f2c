import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { serveHandler } from '../../../test/harness/serve-handler.ts'
import { parseTiers } from '../../contract/parse-options.ts'
import { apiKey, basicOptions, never, openFolder, setUpClient } from './__fixtures__/parse-client.fs.ts'
import { parseFormFeeds } from './__fixtures__/simulated-cloud.ts'
import { createLlamaParse, type LlamaParseOptions } from './parse-client.ts'
import { createLlamaCloudSimulator } from './simulator.ts'

const folder = openFolder()
const simulator = createLlamaCloudSimulator({
  parse: parseFormFeeds,
  apiKey,
  timing: { pendingMs: 0, runningMs: 0, msPerPage: 0 },
  uploadLimit: { requests: 1000, windowMs: 1000 },
})
const server = await serveHandler(simulator.fetch)
after(async () => {
  await simulator.close()
  await server.close()
  folder.close()
})

type Factory = (options?: Partial<LlamaParseOptions>) => ReturnType<typeof createLlamaParse>

testClient('in the process', options => createLlamaParse({ ...basicOptions, fetch: simulator.fetch, ...options }))
testClient('over a socket', options => createLlamaParse({ ...basicOptions, baseUrl: server.url, ...options }))

/** What any client must do in front of any LlamaCloud; jobs of this one end at once. */
function testClient(place: string, create: Factory): void {
  const text = `# Report ${place}\n\n| a | b |\n| - | - |\n| 1 | 2 |`

  for (const tier of parseTiers) {
    test(`${place}: ${tier}: quote, submit, collect, and the bill is the quote`, async () => {
      const service = create({ tier })
      const input = folder.write([text, `second page, ${tier}`])
      const quote = await service.quote(input)
      assert.ok(quote)
      const { remoteId } = await service.jobs.submit(input, { signal: never, callId: `call ${tier}`, quote })
      await simulator.idle()
      const collected = await service.jobs.collect(remoteId, input, { signal: never })
      assert.ok(collected.kind === 'done')
      const { pages, notes } = collected.output
      assert.deepEqual([pages.map(({ pageNumber }) => pageNumber), notes], [[1, 2], []])
      assert.equal(pages[1]?.markdown, `second page, ${tier}`)
      // Tables are pipes, not HTML; the fast tier has plain text.
      if (tier === 'fast') assert.match(pages[0]?.markdown ?? '', /^Report .*\n\na {2}b\n1 {2}2$/)
      else assert.equal(pages[0]?.markdown, text)
      assert.deepEqual(collected.usage, quote)
      assert.deepEqual(await service.jobs.bill(remoteId, tier, { signal: never }), quote)
    })
  }

  test(`${place}: ended, find, cancel and remove`, async () => {
    const service = create({ retention: 'delete' })
    const input = folder.write([`one ${place}`])
    const quote = { units: 1, costNanoUsd: 3_750_000n, shadowNanoUsd: 3_750_000n }
    const submittedAt = new Date()
    const callId = `found ${place}`
    const { remoteId, deadlineMs } = await service.jobs.submit(input, { signal: never, callId, quote })
    assert.equal(deadlineMs, 920_000)
    await simulator.idle()
    assert.deepEqual(
      await service.jobs.ended([remoteId, 'pjb-unknown'], { signal: never }),
      new Set([remoteId, 'pjb-unknown']),
    )
    const found = await service.jobs.find(callId, submittedAt, { signal: never })
    assert.deepEqual(found, { remoteId, deadlineMs })
    await service.jobs.cancel(remoteId, { signal: never })
    await service.jobs.cancel('pjb-unknown', { signal: never })
    await service.jobs.remove(remoteId, { signal: never })
    await service.jobs.remove(remoteId, { signal: never })
    assert.deepEqual(await service.jobs.collect(remoteId, input, { signal: never }), { kind: 'gone' })
    assert.equal(await service.jobs.bill(remoteId, 'fast', { signal: never }), null)
  })
}

test('the file has no name of the user, and the request is bounded, tagged and signed', async () => {
  const webhook = { url: 'https://sluice.example.com/v1/webhooks/llamaparse', secret: 'shh' }
  const client = setUpClient({ webhook, options: { page_ranges: { max_pages: 9 }, crop_box: { top: 0.1 } } })
  const input = folder.write(['one', 'two'], { languages: ['de'], options: { crop_box: { top: 0.2, left: 0.1 } } })
  await client.submit(input, 'call-7')
  const form = await client.calls[0]?.clone().formData()
  const file = form?.get('file') as File
  assert.deepEqual([file.name, await file.text()], [`${input.documentId}.pdf`, 'one\ftwo'])
  assert.deepEqual(await client.configuration(), {
    tier: 'cost_effective',
    version: 'latest',
    client_name: 'sluice',
    crop_box: { top: 0.2, left: 0.1 },
    output_options: { markdown: { tables: { output_tables_as_markdown: true } } },
    page_ranges: { max_pages: 2 },
    processing_control: { timeouts: { base_in_seconds: 900, extra_time_per_page_in_seconds: 20 } },
    processing_options: { ocr_parameters: { languages: ['de'] } },
    user_metadata: { sluice_call_id: 'call-7', sluice_pages: '2' },
    webhook_configurations: [
      {
        webhook_url: webhook.url,
        webhook_events: ['parse.success', 'parse.error', 'parse.partial_success', 'parse.cancelled'],
        webhook_output_format: 'json',
        webhook_signing_secret: 'shh',
      },
    ],
  })
})

test('no more pages are parsed and charged than were quoted, whatever was selected', async () => {
  const six = ['1', '2', '3', '4', '5', '6']
  const cases: [pages: string | undefined, counted: number, parsed: number[]][] = [
    [undefined, 3, [1, 2, 3]],
    ['5,1-2,2', 6, [1, 2, 5]],
    ['2-6', 3, [2, 3]],
    ['1-99', 6, [1, 2, 3, 4, 5, 6]],
  ]
  for (const [pages, counted, parsed] of cases) {
    const client = setUpClient({ countPages: async () => counted })
    const input = folder.write(six, pages === undefined ? {} : { pages })
    assert.equal((await client.quoteOf(input)).units, parsed.length)
    const collected = await client.parse(input)
    assert.ok(collected.kind === 'done')
    assert.deepEqual(
      collected.output.pages.map(({ pageNumber }) => pageNumber),
      parsed,
    )
  }
})

test('a document of one tier keeps that tier though the server has another one now', async () => {
  const input = folder.write(['# plain'])
  const client = setUpClient({ tier: 'fast' })
  const { remoteId } = await client.submit(input)
  await client.clock.advance(60_000)
  const later = createLlamaParse({ ...basicOptions, tier: 'agentic', fetch: client.simulator.fetch })
  const collected = await later.jobs.collect(remoteId, input, { signal: never })
  assert.ok(collected.kind === 'done')
  assert.deepEqual(collected.output.pages, [{ pageNumber: 1, markdown: 'plain' }])
  assert.equal(collected.usage?.costNanoUsd, 1_250_000n)
})

test('the cache makes a repeated job free, and a note says so', async () => {
  const client = setUpClient()
  const input = folder.write(['one', 'two'])
  await client.parse(input)
  const again = await client.parse(input)
  assert.ok(again.kind === 'done')
  assert.deepEqual(again.output.notes, ['LlamaParse took the result from its cache.'])
  assert.deepEqual(again.usage, { units: 2, costNanoUsd: 0n, shadowNanoUsd: 0n })
})

test('a bill that is not recorded yet is null, and comes later', async () => {
  const client = setUpClient({ simulated: true }, { billingDelayMs: 600_000 })
  const input = folder.write(['one'])
  const collected = await client.parse(input)
  assert.ok(collected.kind === 'done')
  assert.equal(collected.usage, null)
  const job = (await client.simulator
    .fetch(
      new Request('https://api.cloud.llamaindex.ai/api/v2/parse', { headers: { authorization: `Bearer ${apiKey}` } }),
    )
    .then(response => response.json())) as { items: { id: string }[] }
  const id = job.items[0]?.id ?? ''
  assert.equal(await client.service.jobs.bill(id, 'cost_effective', { signal: never }), null)
  await client.clock.advance(600_000)
  const bill = await client.service.jobs.bill(id, 'cost_effective', { signal: never })
  assert.deepEqual(bill, { units: 1, costNanoUsd: 0n, shadowNanoUsd: 3_750_000n })
})

test('P14: a job that hangs is running, listed as such, and can be cancelled', async () => {
  const client = setUpClient()
  client.simulator.inject({ kind: 'job_hangs' })
  const input = folder.write(['one'])
  const { remoteId } = await client.submit(input)
  await client.clock.advance(3_600_000)
  assert.deepEqual(await client.collect(remoteId, input), { kind: 'running' })
  assert.deepEqual(await client.service.jobs.ended([remoteId], { signal: never }), new Set())
  await client.service.jobs.cancel(remoteId, { signal: never })
  const collected = await client.collect(remoteId, input)
  assert.ok(collected.kind === 'failed')
  assert.equal(collected.error.code, 'remote_parse_failed')
})

test('120 jobs are looked up in few requests', async () => {
  const client = setUpClient({}, { uploadLimit: { requests: 1000, windowMs: 1 } })
  const input = folder.write(['one'])
  const quote = await client.quoteOf(input)
  const ids: string[] = []
  for (let i = 0; i < 120; i++) ids.push((await client.submit(input, `call-${i}`, quote)).remoteId)
  const before = client.calls.length
  assert.equal((await client.service.jobs.ended(ids, { signal: never })).size, 0)
  assert.equal(client.calls.length - before, 3)
  await client.clock.advance(60_000)
  assert.deepEqual(await client.service.jobs.ended(ids, { signal: never }), new Set(ids))
})

test('P9: a job whose answer was lost is found; one that never was is said not to be only when it is sure', async () => {
  const client = setUpClient()
  const submittedAt = client.clock.now()
  const input = folder.write(['one', 'two'])
  client.simulator.inject({ kind: 'connection_lost', done: true })
  await assert.rejects(client.submit(input, 'call-lost'), { code: 'call_outcome_unknown' })
  const found = await client.service.jobs.find('call-lost', submittedAt, { signal: never })
  assert.ok(typeof found === 'object' && found.remoteId.startsWith('pjb-') && found.deadlineMs === 940_000)
  assert.equal(await client.service.jobs.find('call-other', submittedAt, { signal: never }), 'unknown')
  await client.clock.advance(15_000)
  assert.equal(await client.service.jobs.find('call-other', submittedAt, { signal: never }), 'none')
  assert.equal(client.simulator.counters().jobs, 1)
})

test('a list without tags is not trusted: each job is asked', async () => {
  const cloud = setUpClient()
  const submittedAt = cloud.clock.now()
  const { remoteId } = await cloud.submit(folder.write(['one']), 'call-1')
  await cloud.clock.advance(60_000)
  const fetch = async (request: Request) => {
    const response = await cloud.simulator.fetch(request)
    if (new URL(request.url).pathname !== '/api/v2/parse') return response
    const list = (await response.json()) as { items: { user_metadata: unknown }[] }
    return Response.json({ ...list, items: list.items.map(item => ({ ...item, user_metadata: null })) })
  }
  const client = createLlamaParse({ ...basicOptions, fetch, now: cloud.clock.now })
  assert.deepEqual(await client.jobs.find('call-1', submittedAt, { signal: never }), { remoteId, deadlineMs: 940_000 })
  assert.equal(await client.jobs.find('call-2', submittedAt, { signal: never }), 'none')
})

test('results kept at LlamaCloud are not deleted', async () => {
  const client = setUpClient()
  const { remoteId } = await client.submit(folder.write(['one']))
  const before = client.calls.length
  await client.service.jobs.remove(remoteId, { signal: never })
  assert.equal(client.calls.length, before)
})
