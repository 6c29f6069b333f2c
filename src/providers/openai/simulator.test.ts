import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import { listPrice } from './__fixtures__/list-price.ts'
import refusals from './__fixtures__/refusals.json' with { type: 'json' }
import base64Reply from './__fixtures__/reply-base64.json' with { type: 'json' }
import { simulatedVector } from './simulated-vector.ts'
import { createOpenAiSimulator } from './simulator.ts'
import type { OpenAiSimulatorOptions } from './simulator-options.ts'

const model = 'text-embedding-3-small'
const countTokens = (text: string) => text.split(' ').length

function setUp(options: Partial<OpenAiSimulatorOptions> = {}) {
  const simulator = createOpenAiSimulator({ countTokens, price: listPrice, nowMs: () => 0, ...options })
  const sdk = new OpenAI({
    apiKey: 'sk-any',
    maxRetries: 0,
    logLevel: 'off',
    fetch: (url, init) => simulator.fetch(new Request(url, init)),
  })
  return { simulator, sdk }
}

async function post(body: unknown, headers: Record<string, string> = { authorization: 'Bearer sk-any' }, options = {}) {
  const { simulator } = setUp(options)
  const init = { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await simulator.fetch(new Request('https://api.openai.com/v1/embeddings', init))
  return { status: response.status, headers: response.headers, json: JSON.parse(await response.text()) }
}

test('the official SDK gets the same vectors as floats, as base64 and by default', async () => {
  const { sdk } = setUp()
  const expected = Array.from(simulatedVector('hello there', 1536, model))
  for (const encoding_format of [undefined, 'float'] as const) {
    const reply = await sdk.embeddings.create({
      model,
      input: 'hello there',
      ...(encoding_format && { encoding_format }),
    })
    assert.deepEqual(Array.from(reply.data[0]?.embedding ?? [], Math.fround), expected)
    assert.deepEqual(reply.usage, { prompt_tokens: 2, total_tokens: 2 })
  }
})

test("the size is the one asked for, else the model's own", async () => {
  const { sdk } = setUp()
  const sizeOf = async (body: { model: string; dimensions?: number }) =>
    (await sdk.embeddings.create({ input: 'x', ...body })).data[0]?.embedding.length
  assert.equal(await sizeOf({ model }), 1536)
  assert.equal(await sizeOf({ model: 'text-embedding-3-large' }), 3072)
  assert.equal(await sizeOf({ model: 'text-embedding-3-large', dimensions: 256 }), 256)
})

test('a reply has the fields of the documented one, no more and no less', async () => {
  const { json } = await post({ model, input: ['a', 'b'], encoding_format: 'base64' })
  assert.deepEqual(Object.keys(json).sort(), Object.keys(base64Reply).sort())
  assert.deepEqual(Object.keys(json.data[0]).sort(), Object.keys(base64Reply.data[0] ?? {}).sort())
  assert.deepEqual(Object.keys(json.usage).sort(), Object.keys(base64Reply.usage).sort())
})

const ok = { model, input: 'x' }
const long = (tokens: number) => Array(tokens).fill('x').join(' ')
const limits: [name: string, body: unknown, status: number][] = [
  ['2,048 inputs', { ...ok, input: Array(2048).fill('x'), dimensions: 2 }, 200],
  ['2,049 inputs', { ...ok, input: Array(2049).fill('x') }, 400],
  ['8,192 tokens in one input', { ...ok, input: long(8192) }, 200],
  ['8,193 tokens in one input', { ...ok, input: ['x', long(8193)] }, 400],
  ['300,000 tokens', { ...ok, dimensions: 2, input: Array(50).fill(long(6000)) }, 200],
  ['300,001 tokens', { ...ok, input: [...Array(50).fill(long(6000)), 'x'] }, 400],
  ['no input', { model }, 400],
  ['an empty list', { ...ok, input: [] }, 400],
  ['an empty text', { ...ok, input: '' }, 400],
  ['an empty text among others', { ...ok, input: ['x', ''] }, 400],
  ['numbers among texts', { ...ok, input: ['x', 7] }, 400],
  ['tokens', { ...ok, input: [1, 2, 3] }, 200],
  ['lists of tokens', { ...ok, input: [[1, 2], [3]] }, 200],
  ['tokens that the vocabulary lacks', { ...ok, input: [1, 200_000] }, 400],
  ['more tokens in an array than one input may have', { ...ok, input: Array(8193).fill(1) }, 400],
  ['an empty list of tokens among others', { ...ok, input: [[1], []] }, 400],
  ['texts among lists of tokens', { ...ok, input: [[1], 'x'] }, 400],
  ['half a token', { ...ok, input: [1.5] }, 400],
  ['a user', { ...ok, user: 'user-1' }, 200],
  ['a user that is no text', { ...ok, user: 7 }, 400],
  ['a field that there is not', { ...ok, input_type: 'query' }, 400],
  ['half a dimension', { ...ok, dimensions: 1.5 }, 400],
  ['a list for a body', [ok], 400],
  ['no model', { input: 'x' }, 400],
  ['an unknown model', { ...ok, model: 'text-embedding-9' }, 404],
  ['too many dimensions for small', { ...ok, dimensions: 1537 }, 400],
  ['as many dimensions for large', { model: 'text-embedding-3-large', input: 'x', dimensions: 3072 }, 200],
  ['too many dimensions for large', { model: 'text-embedding-3-large', input: 'x', dimensions: 3073 }, 400],
  ['no dimensions', { ...ok, dimensions: 0 }, 400],
  ['an unknown encoding', { ...ok, encoding_format: 'int8' }, 400],
  ['a body that is not JSON', '{"model":', 400],
]
for (const [name, body, status] of limits) {
  test(`I4: ${name}: ${status}`, async () => {
    const reply = await post(body)
    assert.equal(reply.status, status)
    if (status !== 200) assert.deepEqual(Object.keys(reply.json.error).sort(), ['code', 'message', 'param', 'type'])
  })
}

test('the errors of the limits are those that users of the real service met, word for word', async () => {
  const reported = (name: string) => refusals.find(refusal => refusal.name === name)?.body
  const tokens = await post({ ...ok, input: [...Array(69).fill(long(6000)), long(2735)] })
  assert.deepEqual(tokens.json, reported('too many tokens in the request'))
  assert.deepEqual((await post({ ...ok, input: long(9000) })).json, reported('one text too long'))
  assert.deepEqual((await post({ ...ok, input: [] })).json, reported('input of a wrong shape'))
  assert.deepEqual((await post({ ...ok, model: 'text-embedding-9' })).json, reported('unknown model'))
  const unknown = await post({ ...ok, thinking: 1 })
  assert.equal(unknown.json.error.message, 'Unrecognized request argument supplied: thinking')
})

test('tokens have the vector of the text that they stand for, and any vector where that cannot be told', async () => {
  const decodeTokens = (tokens: readonly number[]) => (tokens[0] === 1 ? 'hello there' : null)
  const { sdk } = setUp({ decodeTokens })
  const [text, unknown] = (await sdk.embeddings.create({ model, input: [[1, 2], [3]], dimensions: 64 })).data
  assert.deepEqual(text?.embedding.map(Math.fround), Array.from(simulatedVector('hello there', 64, model)))
  assert.equal(unknown?.embedding.length, 64)
  const { usage } = await sdk.embeddings.create({ model, input: [5, 6, 7] })
  assert.equal(usage.prompt_tokens, 3)
})

test('a missing, a malformed and a wrong key are refused; a wrong one is shown only in part', async () => {
  assert.equal((await post(ok, {})).status, 401)
  assert.equal((await post(ok, { authorization: 'sk-any' })).status, 401)
  const wrong = await post(ok, { authorization: 'Bearer sk-proj-0123456789abcd' }, { apiKey: 'sk-right' })
  assert.equal(wrong.status, 401)
  assert.equal(wrong.json.error.code, 'invalid_api_key')
  assert.match(wrong.json.error.message, /: sk-proj-\*+abcd\. /)
})

test('another path or method is no endpoint', async () => {
  const { simulator } = setUp()
  const statusOf = async (path: string, method: string) =>
    (await simulator.fetch(new Request(`https://api.openai.com${path}`, { method }))).status
  for (const path of ['/v1/completions', '/v1/embeddings/', '/v2/embeddings', '/v1/files/a/b', '/'])
    assert.equal(await statusOf(path, 'POST'), 404, path)
  assert.equal(await statusOf('/v1/embeddings', 'GET'), 405)
  assert.equal(await statusOf('/v1/files/file-a', 'POST'), 405)
  assert.equal(await statusOf('/v1/batches/batch_a/cancel', 'GET'), 405)
  assert.equal(await statusOf('/v1/batches', 'GET'), 401)
})

test('refused requests are counted but not charged', async () => {
  const { sdk, simulator } = setUp()
  await assert.rejects(sdk.embeddings.create({ model, input: '' }))
  await sdk.embeddings.create({ model, input: ['a b', 'c'] })
  assert.deepEqual(simulator.counters(), { requests: 2, inputs: 2, tokens: 3, chargedNanoUsd: 60n })
})

test('a lost answer to work that was done is charged', async () => {
  const { sdk, simulator } = setUp()
  simulator.inject({ kind: 'connection_lost', billed: true }, { kind: 'connection_lost', billed: false })
  await assert.rejects(sdk.embeddings.create({ model, input: 'a b' }))
  await assert.rejects(sdk.embeddings.create({ model, input: 'a b' }))
  assert.deepEqual(simulator.counters(), { requests: 2, inputs: 1, tokens: 2, chargedNanoUsd: 40n })
})

test('random faults are the same for the same seed, and about as many as asked for', async () => {
  const run = async (seed: number) => {
    const { sdk } = setUp({
      randomFaults: {
        probability: 0.3,
        seed,
        faults: [{ kind: 'server_error', status: 500 }, { kind: 'rate_limited' }],
      },
    })
    const statuses: number[] = []
    for (let i = 0; i < 200; i++) {
      const request = sdk.embeddings.create({ model, input: 'x', dimensions: 2 }).asResponse()
      statuses.push(
        await request.then(
          response => response.status,
          error => error.status,
        ),
      )
    }
    return statuses
  }
  const first = await run(1)
  assert.deepEqual(await run(1), first)
  assert.notDeepEqual(await run(2), first)
  const failed = first.filter(status => status !== 200)
  assert.ok(failed.length > 30 && failed.length < 90)
  assert.deepEqual([...new Set(failed)].sort(), [429, 500])
})

test('an answer takes at least the latency, and an abort cuts it short', async () => {
  const { simulator } = setUp({ latencyMs: 60_000 })
  const request = new Request('https://api.openai.com/v1/embeddings', {
    method: 'POST',
    signal: AbortSignal.timeout(30),
  })
  await assert.rejects(simulator.fetch(request), { name: 'TimeoutError' })
})
