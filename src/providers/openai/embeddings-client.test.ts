import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causeChain } from '../../contract/failure.ts'
import { listPrice } from './__fixtures__/list-price.ts'
import { createOpenAiEmbeddings, type OpenAiEmbeddingsOptions } from './embeddings-client.ts'
import { simulatedVector } from './simulated-vector.ts'
import { createOpenAiSimulator } from './simulator.ts'
import type { Fault } from './simulator-faults.ts'
import type { OpenAiSimulatorOptions } from './simulator-options.ts'

const model = 'text-embedding-3-small'
const countTokens = (text: string) => text.split(' ').length
const textsOf = (...texts: string[]) => ({ texts: texts.map(text => ({ text, tokenCount: countTokens(text) })) })
const never = new AbortController().signal

function setUp(client: Partial<OpenAiEmbeddingsOptions> = {}, server: Partial<OpenAiSimulatorOptions> = {}) {
  const simulator = createOpenAiSimulator({
    countTokens,
    price: listPrice,
    nowMs: () => 0,
    apiKey: 'sk-right',
    ...server,
  })
  const service = createOpenAiEmbeddings({
    apiKey: 'sk-right',
    baseUrl: 'https://api.openai.com/v1',
    model,
    dimensions: 256,
    timeoutMs: 5000,
    simulated: true,
    fetch: simulator.fetch,
    price: listPrice,
    ...client,
  })
  return { simulator, service }
}

test('each text gets its own vector, and the tokens are those that the server counted', async () => {
  const { service } = setUp()
  const { output, usage } = await service.call(textsOf('one two', 'three'), { signal: never })
  assert.deepEqual(output.vectors, [simulatedVector('one two', 256, model), simulatedVector('three', 256, model)])
  assert.deepEqual(usage, { units: 3, costNanoUsd: 0n, shadowNanoUsd: 60n })
})

test('I4: 2,500 texts are two requests, and stay in order', async () => {
  for (const concurrency of [1, 4]) {
    const { service, simulator } = setUp({ dimensions: 8, concurrency })
    const texts = Array.from({ length: 2500 }, (_, i) => `text number ${i}`)
    const { output } = await service.call(textsOf(...texts), { signal: never })
    assert.deepEqual(
      output.vectors,
      texts.map(text => simulatedVector(text, 8, model)),
    )
    assert.deepEqual(simulator.counters(), { requests: 2, inputs: 2500, tokens: 7500, chargedNanoUsd: 150_000n })
  }
})

test('I23: a text that is too long is refused without a request', async () => {
  const { service, simulator } = setUp()
  const input = { texts: [{ text: 'x', tokenCount: 8193 }] }
  await assert.rejects(service.call(input, { signal: never }), { code: 'call_invalid' })
  assert.equal(simulator.counters().requests, 0)
})

test('no texts cost nothing and need no request', async () => {
  const { service, simulator } = setUp()
  const { output, usage } = await service.call({ texts: [] }, { signal: never })
  assert.deepEqual([output.vectors, usage.units, simulator.counters().requests], [[], 0, 0])
})

test('P5: the quote is the price of the given tokens, and a real call books it', async () => {
  const { service, simulator } = setUp({ simulated: false, model: 'text-embedding-3-large' })
  const input = textsOf('one two three')
  assert.deepEqual(service.quote(input), { units: 3, costNanoUsd: 390n, shadowNanoUsd: 390n })
  const { usage } = await service.call(input, { signal: never })
  assert.deepEqual(usage, { units: 3, costNanoUsd: 390n, shadowNanoUsd: 390n })
  assert.equal(simulator.counters().chargedNanoUsd, 390n)
})

test('P6: a model without a price is refused before anything is sent, simulated or not', async () => {
  for (const simulated of [true, false]) {
    const { service, simulator } = setUp({ model: 'text-embedding-9', simulated })
    assert.throws(() => service.quote(textsOf('one')), { code: 'call_unpriceable' })
    await assert.rejects(service.call(textsOf('one'), { signal: never }), { code: 'call_unpriceable' })
    assert.equal(simulator.counters().requests, 0)
  }
})

test('without a key the provider says that it is not configured', () => {
  assert.throws(() => setUp({ apiKey: '' }), { code: 'provider_not_configured' })
})

test('a wrong key is refused, and is not in the error', async () => {
  const { service } = setUp({ apiKey: 'sk-wrong-0123456789' })
  await assert.rejects(service.call(textsOf('one'), { signal: never }), (error: Error) => {
    assert.match(error.message, /check OPENAI_API_KEY \(HTTP 401, code invalid_api_key/)
    assert.doesNotMatch(error.message, /sk-/)
    return 'code' in error && error.code === 'provider_key_refused'
  })
})

const outcomes: [Fault, string][] = [
  [{ kind: 'rate_limited', retryAfterMs: 70 }, 'provider_rate_limited'],
  [{ kind: 'rate_limited', code: 'slow_down' }, 'provider_rate_limited'],
  [{ kind: 'quota_spent' }, 'provider_out_of_credits'],
  [{ kind: 'quota_spent', code: 'project_spend_limit_exceeded' }, 'provider_out_of_credits'],
  [{ kind: 'server_error', status: 500 }, 'provider_unavailable'],
  [{ kind: 'server_error', status: 503, retryAfterMs: 70 }, 'provider_unavailable'],
  [{ kind: 'hang', billed: true }, 'call_outcome_unknown'],
  [{ kind: 'body_hangs' }, 'call_outcome_unknown'],
  [{ kind: 'connection_lost', billed: false }, 'call_outcome_unknown'],
  [{ kind: 'malformed', body: 'empty' }, 'provider_reply_malformed'],
  [{ kind: 'malformed', body: 'html' }, 'provider_reply_malformed'],
  [{ kind: 'malformed', body: 'cut_short' }, 'provider_reply_malformed'],
  [{ kind: 'malformed', body: 'other_shape' }, 'provider_reply_malformed'],
  [{ kind: 'vectors', wrong: 'missing' }, 'vector_invalid'],
  [{ kind: 'vectors', wrong: 'extra' }, 'vector_invalid'],
  [{ kind: 'vectors', wrong: 'repeated_index' }, 'vector_invalid'],
  [{ kind: 'vectors', wrong: 'not_finite' }, 'vector_invalid'],
  [{ kind: 'vectors', wrong: 'wrong_size' }, 'vector_invalid'],
  [{ kind: 'vectors', wrong: 'zero' }, 'vector_invalid'],
]
for (const [fault, code] of outcomes) {
  test(`${JSON.stringify(fault)} becomes ${code} after one request, and the next call works`, async () => {
    const { service, simulator } = setUp({ timeoutMs: 300 })
    simulator.inject(fault)
    const retryAfterMs = 'retryAfterMs' in fault ? fault.retryAfterMs : undefined
    await assert.rejects(service.call(textsOf('a', 'b', 'c'), { signal: never }), { code, retryAfterMs })
    assert.equal(simulator.counters().requests, 1)
    assert.equal((await service.call(textsOf('a'), { signal: never })).output.vectors.length, 1)
  })
}

test('vectors that come out of order are put in order', async () => {
  const { service, simulator } = setUp()
  simulator.inject({ kind: 'vectors', wrong: 'out_of_order' })
  const { output } = await service.call(textsOf('a', 'b', 'c'), { signal: never })
  assert.deepEqual(output.vectors[2], simulatedVector('c', 256, model))
})

test('after a failed request of a call no further one is started', async () => {
  for (const concurrency of [1, 2]) {
    const { service, simulator } = setUp({ dimensions: 8, concurrency })
    simulator.inject({ kind: 'server_error', status: 500 })
    const texts = Array.from({ length: 10_000 }, (_, i) => `t${i}`)
    await assert.rejects(service.call(textsOf(...texts), { signal: never }), { code: 'provider_unavailable' })
    assert.equal(simulator.counters().requests, concurrency)
  }
})

test('a finished call leaves no timer behind', async () => {
  const { service } = setUp()
  const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const before = timers()
  await service.call(textsOf('a'), { signal: never })
  assert.equal(timers(), before)
})

test('a lost connection keeps the network cause', async () => {
  const { service, simulator } = setUp()
  simulator.inject({ kind: 'connection_lost', billed: false })
  await assert.rejects(service.call(textsOf('a'), { signal: never }), error => {
    assert.match(causeChain(error) ?? '', /fetch failed ← Error \[ECONNRESET\]: socket hang up$/)
    return true
  })
})

test('an aborted call rejects with the reason of whoever aborted it', async () => {
  const { service, simulator } = setUp()
  simulator.inject({ kind: 'hang', billed: false })
  const abort = new AbortController()
  const reason = new Error('the job was cancelled')
  const running = service.call(textsOf('a'), { signal: abort.signal })
  setImmediate(() => abort.abort(reason))
  await assert.rejects(running, error => error === reason)
})
