import assert from 'node:assert/strict'
import { test } from 'node:test'
import OpenAI from 'openai'
import { listPrice } from './__fixtures__/list-price.ts'
import { createOpenAiSimulator } from './simulator.ts'
import type { OpenAiSimulatorOptions } from './simulator-options.ts'

const model = 'text-embedding-3-small'
const long = (tokens: number) => Array(tokens).fill('x').join(' ')

function setUp(options: Partial<OpenAiSimulatorOptions>) {
  const countTokens = (text: string) => text.split(' ').length
  const simulator = createOpenAiSimulator({ countTokens, price: listPrice, nowMs: () => 0, ...options })
  const fetch = (url: string | URL | Request, init?: RequestInit) => simulator.fetch(new Request(url, init))
  return { simulator, sdk: new OpenAI({ apiKey: 'sk-any', maxRetries: 0, logLevel: 'off', fetch }) }
}

test('a reply has the headers of the real one', async () => {
  const { sdk } = setUp({ limits: { requestsPerMinute: 100, tokensPerMinute: 600 } })
  const { headers } = await sdk.embeddings.create({ model, input: 'a b c' }).asResponse()
  assert.equal(headers.get('x-request-id'), 'req_00000000000000000000000000000001')
  assert.equal(headers.get('x-ratelimit-limit-requests'), '100')
  assert.equal(headers.get('x-ratelimit-remaining-requests'), '99')
  assert.equal(headers.get('x-ratelimit-reset-requests'), '600ms')
  assert.equal(headers.get('x-ratelimit-remaining-tokens'), '597')
  assert.equal(headers.get('x-ratelimit-reset-tokens'), '300ms')
  assert.match(headers.get('openai-processing-ms') ?? '', /^\d+$/)
})

test('above a rate limit a request gets a 429 with the wait, and passes after it', async () => {
  let nowMs = 0
  const { sdk, simulator } = setUp({ nowMs: () => nowMs, limits: { requestsPerMinute: 60, tokensPerMinute: 600 } })
  await sdk.embeddings.create({ model, input: long(600) })
  const refused = sdk.embeddings.create({ model, input: long(10) })
  await assert.rejects(refused, (error: InstanceType<typeof OpenAI.RateLimitError>) => {
    assert.deepEqual([error.status, error.code, error.type], [429, 'rate_limit_exceeded', 'tokens'])
    assert.equal(error.headers.get('retry-after-ms'), '1000')
    return true
  })
  nowMs = 1000
  await sdk.embeddings.create({ model, input: long(10) })
  assert.equal(simulator.counters().tokens, 610)
})

test('the refusal says what was used and asked for; a request that no minute could hold says that it is too large', async () => {
  const { sdk } = setUp({ limits: { requestsPerMinute: 60, tokensPerMinute: 600 } })
  await sdk.embeddings.create({ model, input: long(590) })
  const refused = sdk.embeddings.create({ model, input: long(20) })
  await assert.rejects(
    refused,
    /Rate limit reached for text-embedding-3-small in organization \S+ on tokens per min \(TPM\): Limit 600, Used 590, Requested 20\. Please try again in 1s\. Visit /,
  )
  await assert.rejects(
    sdk.embeddings.create({ model, input: long(601) }),
    (error: InstanceType<typeof OpenAI.APIError>) => {
      assert.match(error.message, /Request too large for text-embedding-3-small .*Limit 600, Requested 601\. /)
      assert.deepEqual(
        [error.status, error.code, error.headers?.get('retry-after')],
        [429, 'rate_limit_exceeded', null],
      )
      return true
    },
  )
})

test('waits are written as Go writes durations', async () => {
  const resetOf = async (requestsPerMinute: number, requests: number) => {
    const { sdk } = setUp({ limits: { requestsPerMinute, tokensPerMinute: 1e9 } })
    let headers = new Headers()
    for (let i = 0; i < requests; i++)
      headers = (await sdk.embeddings.create({ model, input: 'x', dimensions: 2 }).asResponse()).headers
    return headers.get('x-ratelimit-reset-requests')
  }
  assert.equal(await resetOf(60_000, 12), '12ms')
  assert.equal(await resetOf(40, 1), '1.5s')
  assert.equal(await resetOf(100, 100), '1m0s')
})
