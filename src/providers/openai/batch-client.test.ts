import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listPrice } from './__fixtures__/list-price.ts'
import { hourMs, setUpBatches } from './__fixtures__/simulated-batches.ts'
import { createOpenAiBatches } from './batch-client.ts'
import { simulatedVector } from './simulated-vector.ts'

const model = 'text-embedding-3-small'
const signal = new AbortController().signal
const broken = new TypeError('the connection broke off')
const countTokens = (text: string) => text.split(' ').length
const inputOf = (...texts: string[]) => ({
  texts: texts.map((text, i) => ({ key: `key-${i}`, text, tokenCount: countTokens(text) })),
})

function setUp(
  options: Parameters<typeof setUpBatches>[0] = {},
  spoil: (url: string) => Error | Response | null = () => null,
) {
  const world = setUpBatches(options)
  const service = createOpenAiBatches({
    apiKey: 'sk-any',
    baseUrl: 'https://api.openai.com/v1',
    model,
    dimensions: 256,
    simulated: false,
    timeoutMs: 5_000,
    price: listPrice,
    async fetch(request) {
      const { method, url } = request
      const spoilt = method === 'POST' ? spoil(url) : null
      if (spoilt instanceof Response) return spoilt
      const response = await world.simulator.fetch(request)
      if (spoilt) throw spoilt
      return response
    },
  })
  const quote = { units: 0, costNanoUsd: 0n, shadowNanoUsd: 0n }
  const submit = (input: ReturnType<typeof inputOf>, callId = 'call-1') =>
    service.jobs.submit(input, { signal, callId, quote })
  const files = async () => (await world.openai.files.list()).data.length
  return { ...world, service, submit, files }
}

test('a batch brings the vector of each text for half the price, and its files can be removed', async () => {
  const { service, submit, advance, files } = setUp()
  const input = inputOf('the pump lifts water', 'the fan turns', 'a valve closes')
  const { remoteId, deadlineMs } = await submit(input)
  assert.equal(deadlineMs, 25 * hourMs)
  assert.deepEqual(await service.jobs.collect(remoteId, input, { signal }), { kind: 'running' })
  assert.deepEqual([...(await service.jobs.ended([remoteId], { signal }))], [])
  assert.equal(await service.jobs.bill(remoteId, model, { signal }), null)
  advance(2 * hourMs)
  assert.deepEqual(
    [...(await service.jobs.ended([remoteId, 'batch_unknown'], { signal }))],
    [remoteId, 'batch_unknown'],
  )
  const collected = await service.jobs.collect(remoteId, input, { signal })
  assert.ok(collected.kind === 'done')
  for (const { key, text } of input.texts)
    assert.deepEqual(collected.output.vectors.get(key), simulatedVector(text, 256, model))
  assert.equal(collected.output.failed.size, 0)
  const half = (listPrice(model, 10) + 1n) / 2n
  assert.deepEqual(collected.usage, { units: 10, costNanoUsd: half, shadowNanoUsd: half })
  assert.deepEqual(await service.jobs.bill(remoteId, model, { signal }), collected.usage)
  assert.deepEqual(service.quote(input), collected.usage)
  assert.equal(await files(), 2)
  await service.jobs.remove(remoteId, { signal })
  assert.equal(await files(), 0)
})

test('an expired batch gives and charges what it has finished, and names the rest', async () => {
  const { service, submit, advance, simulator } = setUp()
  simulator.inject({ kind: 'batch_expires', finishedShare: 0.5 })
  const input = inputOf('one', 'two', 'three', 'four')
  const { remoteId } = await submit(input)
  advance(25 * hourMs)
  const collected = await service.jobs.collect(remoteId, input, { signal })
  assert.ok(collected.kind === 'done')
  assert.equal(collected.output.vectors.size, 2)
  assert.deepEqual([...collected.output.failed.values()], ['batch_expired', 'batch_expired'])
  assert.equal(collected.usage?.units, 2)
})

test('a cancelled batch ends, and what was finished by then is charged', async () => {
  const { service, submit, advance } = setUp()
  const input = inputOf('one', 'two', 'three')
  const { remoteId } = await submit(input)
  advance(11.5 * 60_000)
  await service.jobs.cancel(remoteId, { signal })
  assert.equal((await service.jobs.collect(remoteId, input, { signal })).kind, 'running')
  advance(hourMs)
  const collected = await service.jobs.collect(remoteId, input, { signal })
  assert.ok(collected.kind === 'done')
  assert.equal(collected.output.vectors.size, 1)
  assert.equal(collected.usage?.units, 1)
})

test('lines that are missing, broken or of another shape cost their own text alone', async () => {
  for (const wrong of ['lines_missing', 'unknown_custom_id', 'not_json', 'other_shape', 'cut_short'] as const) {
    const { service, submit, advance, simulator } = setUp()
    simulator.inject({ kind: 'batch_output', wrong })
    const input = inputOf('one', 'two', 'three')
    const { remoteId } = await submit(input)
    advance(3 * hourMs)
    const collected = await service.jobs.collect(remoteId, input, { signal })
    assert.ok(collected.kind === 'done', wrong)
    assert.equal([...collected.output.vectors.keys()].filter(key => key.startsWith('key-')).length, 2, wrong)
    assert.equal([...collected.output.failed.keys()].filter(key => key.startsWith('key-')).length, 1, wrong)
    assert.equal(collected.usage?.units, 3, `${wrong}: all were charged`)
  }
})

test('P9: when the answer to the creation is lost, the batch is found by the call that made it, and no second one is made', async () => {
  const { service, submit } = setUp({}, url => (url.endsWith('/batches') ? broken : null))
  await assert.rejects(submit(inputOf('one'), 'call-7'), { code: 'call_outcome_unknown' })
  const found = await service.jobs.find('call-7', new Date('2026-11-20T08:00:00Z'), { signal })
  assert.ok(typeof found === 'object' && found.remoteId.startsWith('batch_'))
  assert.equal(await service.jobs.find('call-8', new Date('2026-11-20T08:00:00Z'), { signal }), 'none')
})

test('a lost answer to the upload is no charge, and a refused batch leaves no file behind', async () => {
  const lost = setUp({}, url => (url.endsWith('/files') ? broken : null))
  await assert.rejects(lost.submit(inputOf('one')), { code: 'provider_unavailable' })
  const refusal = () => Response.json({ error: { code: 'invalid_api_key', message: 'no', type: 'x' } }, { status: 401 })
  const { submit, files } = setUp({}, url => (url.endsWith('/batches') ? refusal() : null))
  await assert.rejects(submit(inputOf('one')), { code: 'provider_key_refused' })
  assert.equal(await files(), 0)
  await assert.rejects(submit({ texts: [{ key: 'k', text: 'x', tokenCount: 9_000 }] }), { code: 'call_invalid' })
})

test('a batch that OpenAI refuses fails with its codes, and one that is gone is gone', async () => {
  const { service, submit, advance, simulator } = setUp()
  simulator.inject({ kind: 'batch_fails', code: 'invalid_request' })
  const input = inputOf('one')
  const { remoteId } = await submit(input)
  advance(hourMs)
  const collected = await service.jobs.collect(remoteId, input, { signal })
  assert.ok(collected.kind === 'failed')
  assert.equal(collected.usage?.costNanoUsd, 0n)
  assert.deepEqual(await service.jobs.collect('batch_unknown', input, { signal }), { kind: 'gone' })
})
