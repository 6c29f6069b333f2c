import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, before, test } from 'node:test'
import OpenAI from 'openai'
import { createTokenCounter } from '../src/chunk/count-tokens.ts'
import type { CostReport } from '../src/contract/costs.ts'
import { CallDeferred } from '../src/contract/deferral.ts'
import type { EmbedInput, EmbedOutput } from '../src/contract/embed-service.ts'
import type { MeteredService } from '../src/contract/metered-service.ts'
import { createBuyer } from '../src/gateway/buy-vectors.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { createOpenAiSimulator, type OpenAiSimulator } from '../src/providers/openai/simulator.ts'
import { onEitherDatabase, type Place } from './harness/databases.ts'
import { serveHandler } from './harness/serve-handler.ts'
import { apiKey, type Client, type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

const model = 'text-embedding-3-small'
const nanoUsdPerToken = 20n

/** The official SDK against the gateway, which buys in real mode at the simulator, over HTTP. */
onEitherDatabase('the gateway', createPlace => {
  let place: Place
  let sluice: SluiceUnderTest
  let openAi: OpenAiSimulator
  let served: Awaited<ReturnType<typeof serveHandler>>
  /** With the SDK's own retries, as it comes. */
  let sdk: OpenAI
  let gatewayRequests = 0
  /** Holds requests up on their way to the provider. */
  let gate: (() => Promise<void>) | null = null
  const counter = createTokenCounter()
  const tokensOf = (...texts: string[]) => texts.reduce((sum, text) => sum + counter.count(text), 0)

  before(async () => {
    place = await createPlace()
    openAi = createOpenAiSimulator({
      countTokens: text => counter.count(text),
      price: (_model, tokens) => BigInt(tokens) * nanoUsdPerToken,
      nowMs: () => performance.now(),
    })
    served = await serveHandler(async request => {
      await gate?.()
      return await openAi.fetch(request)
    })
    sluice = await startSluice(place, {
      SLUICE_EMBED_MODE: 'real',
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: `${served.url}/v1`,
    })
    sdk = sdkOf(apiKey)
  })
  after(async () => {
    await sluice.close()
    await served.close()
    await place.remove()
  })

  function sdkOf(key: string, options: { maxRetries?: number; defaultHeaders?: Record<string, string> } = {}): OpenAI {
    const counted: typeof fetch = (url, init) => {
      gatewayRequests++
      return fetch(url, init)
    }
    const baseURL = `${sluice.server.url}/openai/v1`
    return new OpenAI({ apiKey: key, baseURL, logLevel: 'off', fetch: counted, ...options })
  }
  async function newTenant(tenantId: string): Promise<{ client: Client; secret: string; sdk: OpenAI }> {
    const { body } = await sluice.request<{ secret: string }>('POST', '/v1/keys', { tenantId, name: 'test' })
    return { client: await sluice.clientOf(tenantId), secret: body.secret, sdk: sdkOf(body.secret) }
  }
  const embed = async (client: OpenAI, input: string | string[] | number[] | number[][], more: object = {}) => {
    const { data, response } = await client.embeddings.create({ model, input, ...more }).withResponse()
    return { vectors: data.data.map(item => item.embedding), data, headers: response.headers }
  }
  const sums = async (client: Client, by = 'service') =>
    (await client.request<Extract<CostReport, { kind: 'sums' }>>('GET', `/v1/costs?by=${by}`)).body
  const avoidedIs = (client: Client, tokens: number) =>
    until(`${tokens} tokens are booked as avoided`, async () => {
      const { totals } = await sums(client)
      return BigInt(totals.avoidedNanoUsd) === BigInt(tokens) * nanoUsdPerToken && totals
    })
  const refused = async (promise: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> => {
    const error = await promise.then(
      () => assert.fail('it was not refused'),
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof OpenAI.APIError, String(error))
    return error
  }

  test('one text, many, as base64 and as numbers, in any script: in order, each once and to the last bit', async () => {
    const texts = ['a pump', 'Größe, naïveté', '水泵 🚰', 'a pump', 'line\nbreak']
    const single = await embed(sdk, 'a pump')
    assert.equal(single.headers.get('x-sluice-cache'), 'miss')
    assert.equal(single.data.model, model)
    assert.equal(single.vectors[0]?.length, 1536)
    assert.deepEqual(single.data.usage, { prompt_tokens: tokensOf('a pump'), total_tokens: tokensOf('a pump') })
    const before = openAi.counters()
    const many = await embed(sdk, texts)
    assert.equal(many.headers.get('x-sluice-cache'), 'partial')
    assert.deepEqual(
      many.data.data.map(item => item.index),
      [0, 1, 2, 3, 4],
    )
    assert.equal(openAi.counters().inputs - before.inputs, 3)
    assert.equal(many.data.usage.prompt_tokens, tokensOf(...texts))
    assert.deepEqual(many.vectors[0], many.vectors[3])
    assert.deepEqual(many.vectors[0], single.vectors[0])
    const numbers = await embed(sdk, texts, { encoding_format: 'float' })
    assert.equal(numbers.headers.get('x-sluice-cache'), 'hit')
    assert.deepEqual(numbers.vectors.map(f32), many.vectors.map(f32))
    const direct = new OpenAI({ apiKey: 'sk-test', baseURL: `${served.url}/v1`, logLevel: 'off' })
    assert.deepEqual((await embed(direct, texts)).vectors.map(f32), many.vectors.map(f32))
  })

  test('the dimensions that the model has are taken, and no others', async () => {
    const { vectors } = await embed(sdk, 'sized', { dimensions: 1536, user: 'u-1' })
    assert.equal(vectors[0]?.length, 1536)
    const error = await refused(embed(sdk, 'sized', { dimensions: 512 }))
    assert.deepEqual([error.status, error.code, error.param], [400, 'invalid_value', 'dimensions'])
    assert.match(error.message, /has 1536/)
  })

  test('tokens are the text that they stand for; those that are none are refused', async () => {
    const [text, tokens] = ['hello world', [15339, 1917]]
    const { vectors } = await embed(sdk, text)
    for (const input of [tokens, [tokens]]) {
      const again = await embed(sdk, input)
      assert.equal(again.headers.get('x-sluice-cache'), 'hit')
      assert.deepEqual(again.vectors, vectors)
    }
    const error = await refused(embed(sdk, [[15339], [100_257]]))
    assert.deepEqual([error.status, error.param], [400, 'input'])
    assert.match(error.message, /Send the texts themselves/)
  })

  test('what a document has embedded is a hit, what the gateway has embedded costs a document nothing', async () => {
    const { client, sdk } = await newTenant('shares')
    await client.ingest('a.md', '# Pumps\n\nThe pump lifts water.')
    const [hit] = (await client.search('pump')).hits
    const before = openAi.counters()
    const found = await embed(sdk, hit?.text ?? '')
    assert.equal(found.headers.get('x-sluice-cache'), 'hit')
    assert.deepEqual(openAi.counters(), before)
    await avoidedIs(client, tokensOf(hit?.text ?? ''))
    const text = 'Valves close.'
    const { headers } = await embed(sdk, text)
    assert.equal(headers.get('x-sluice-cache'), 'miss')
    const bought = openAi.counters()
    const { job } = await client.ingest('b.txt', text)
    assert.equal(job.state, 'succeeded')
    assert.equal(openAi.counters().tokens, bought.tokens)
  })

  test('misses are booked on the key and its tags, hits as avoided, and the books add up to what was charged', async () => {
    const { client, sdk, secret } = await newTenant('books')
    const tagged = sdkOf(secret, { defaultHeaders: { 'x-sluice-tags': 'bot, prod' } })
    const before = openAi.counters()
    const texts = Array.from({ length: 40 }, (_, i) => `sentence ${i} of the books`)
    await embed(tagged, texts)
    await Promise.all(texts.map(text => embed(sdk, text)))
    await embed(sdk, 'one more')
    const totals = await avoidedIs(client, tokensOf(...texts))
    const charged = openAi.counters().chargedNanoUsd - before.chargedNanoUsd
    assert.equal(BigInt(totals.costNanoUsd), charged)
    assert.equal(charged, BigInt(tokensOf(...texts, 'one more')) * nanoUsdPerToken)
    assert.equal(totals.heldNanoUsd, '0')
    const { rows } = await sums(client, 'tag,document,purpose')
    const paid = rows.filter(row => row.costNanoUsd !== '0')
    assert.deepEqual(paid.map(row => [row.tag, row.documentId, row.purpose]).sort(), [
      ['', null, 'gateway'],
      ['bot', null, 'gateway'],
      ['prod', null, 'gateway'],
    ])
    const keys = await sluice.sql<{ keys: number }>(
      `SELECT count(DISTINCT api_key_id)::int AS keys FROM sluice.ledger_entries WHERE tenant_id = 'books'`,
    )
    assert.equal(keys[0]?.keys, 1)
    assert.deepEqual(await findImbalances(sluice.database), [])
  })

  test('a text that many ask for at once is bought once', async () => {
    const { client, sdk } = await newTenant('crowd')
    const before = openAi.counters()
    const texts = ['the same for all', 'and this one']
    const all = await Promise.all(Array.from({ length: 24 }, (_, i) => embed(sdk, i % 2 ? texts : texts.toReversed())))
    assert.equal(openAi.counters().inputs - before.inputs, 2)
    const caches = all.map(one => one.headers.get('x-sluice-cache'))
    assert.equal(caches.filter(cache => cache === 'hit').length, 23)
    for (const [i, { vectors }] of all.entries())
      assert.deepEqual(i % 2 ? vectors : vectors.toReversed(), all[1]?.vectors)
    await avoidedIs(client, 23 * tokensOf(...texts))
  })

  test('a budget of one tag fails its requests, and those of no others for the same text', async () => {
    const { sdk, secret } = await newTenant('apart')
    const budget = { tag: 'poor', policy: 'reject', capNanoUsd: '1', period: 'day', timeZone: 'UTC' }
    await sluice.request('PUT', '/v1/budgets/apart/poor', budget)
    const poor = sdkOf(secret, { defaultHeaders: { 'x-sluice-tags': 'poor' } })
    assert.equal((await refused(embed(poor, 'wanted by two'))).code, 'budget_exhausted')
    assert.equal((await embed(sdk, 'wanted by two')).headers.get('x-sluice-cache'), 'miss')
    assert.equal((await embed(poor, 'wanted by two')).headers.get('x-sluice-cache'), 'hit', 'a hit costs nothing')
  })

  test('a text that somebody else is buying is waited for, and not for ever', async () => {
    const { client, sdk, secret } = await newTenant('elsewhere')
    const text = 'The pipeline is buying this.'
    const [asked, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    gate = async () => {
      asked.resolve()
      await opened.promise
    }
    const document = client.ingest('a.txt', text)
    await asked.promise
    gate = null
    const before = openAi.counters()
    const error = await refused(embed(sdkOf(secret, { maxRetries: 0 }), text))
    assert.deepEqual([error.status, error.code], [503, 'call_in_progress'])
    assert.ok(Number(error.headers?.get('retry-after')) <= 2)
    opened.resolve()
    assert.equal((await document).job.state, 'succeeded')
    assert.equal((await embed(sdk, text)).headers.get('x-sluice-cache'), 'hit')
    assert.equal(openAi.counters().inputs - before.inputs, 1)
  })

  test('what another process has bought meanwhile is not bought again', async () => {
    const { sdk } = await newTenant('meanwhile')
    const { vectors } = await embed(sdk, 'bought here')
    const [space] = await sluice.sql<{ space_id: string }>(
      `SELECT space_id FROM sluice.vector_spaces WHERE tenant_id = 'meanwhile'`,
    )
    const spaceId = space?.space_id ?? ''
    const wanted = ['bought here', 'bought there'].map(text => ({
      text,
      tokenCount: 2,
      textHash: hash('sha256', text, 'buffer'),
    }))
    const calls: number[] = []
    const call = async ({ texts }: EmbedInput): Promise<never> => {
      calls.push(texts.length)
      if (calls.length === 2)
        await sluice.sql(
          `INSERT INTO sluice.embeddings SELECT tenant_id, space_id, $1, embedding FROM sluice.embeddings WHERE tenant_id = 'meanwhile'`,
          [wanted[1]?.textHash],
        )
      throw new CallDeferred({ reason: 'in_progress', message: 'Somebody buys it.', resumesAt: null, budget: null })
    }
    const service = { call } as unknown as MeteredService<EmbedInput, EmbedOutput>
    const obtain = createBuyer({ database: sluice.database, bookCalls: async () => assert.fail('nothing is booked') })
    const target = { service, spaceId, model, dimensions: 1536, simulated: false }
    const obtained = await obtain({ tenantId: 'meanwhile', apiKeyId: null, tags: [] }, target, wanted)
    assert.deepEqual(calls, [1, 1], 'only what is missing is asked for')
    assert.deepEqual(obtained.bought, [false, false])
    for (const vector of obtained.vectors) assert.deepEqual([...vector], f32(vectors[0] ?? []))
  })

  test('budgets: 429 with code and reset, at once and without a storm, with either policy', async () => {
    const { client, sdk } = await newTenant('thrifty')
    const midnight = Temporal.Now.zonedDateTimeISO('UTC').add({ days: 1 }).startOfDay()
    const reset = new Date(midnight.epochMilliseconds).toISOString()
    for (const policy of ['defer', 'reject']) {
      const budget = { service: 'embed', policy, capNanoUsd: '100', period: 'day', timeZone: 'UTC' }
      await sluice.request('PUT', '/v1/budgets/thrifty/day', budget)
      if (policy === 'defer') await embed(sdk, 'fits in')
      const [asked, before] = [gatewayRequests, openAi.counters().requests]
      const error = await refused(embed(sdk, 'this text is over'))
      assert.ok(error instanceof OpenAI.RateLimitError)
      assert.deepEqual([error.code, error.type], ['budget_exhausted', 'insufficient_quota'])
      assert.match(error.message, /budget day of tenant thrifty/)
      assert.ok(error.message.includes(reset), error.message)
      assert.equal(error.headers.get('x-sluice-budget-resets-at'), reset)
      const waitMs = Number(error.headers.get('retry-after')) * 1000
      assert.ok(Math.abs(Date.now() + waitMs - Date.parse(reset)) < 5_000, `${waitMs}`)
      assert.equal(gatewayRequests - asked, 1, 'the SDK does not try again')
      assert.equal(openAi.counters().requests, before, 'nothing is sent')
      assert.equal((await embed(sdk, 'fits in')).headers.get('x-sluice-cache'), 'hit', 'hits cost nothing')
    }
    const { totals } = await sums(client)
    assert.equal(totals.heldNanoUsd, '0')
    assert.deepEqual(await findImbalances(sluice.database), [])
  })

  test("a tenant's vectors are its own", async () => {
    const [one, other] = [await newTenant('one'), await newTenant('other')]
    await embed(one.sdk, 'a secret sentence')
    const before = openAi.counters().inputs
    const { headers } = await embed(other.sdk, 'a secret sentence')
    assert.equal(headers.get('x-sluice-cache'), 'miss')
    assert.equal(openAi.counters().inputs - before, 1)
  })

  test('a wrong key, a wrong tag, an unknown model and an unknown path are refused as OpenAI refuses', async () => {
    const wrong = await refused(embed(sdkOf('sk-sluice-wrong'), 'a'))
    assert.ok(wrong instanceof OpenAI.AuthenticationError)
    assert.deepEqual([wrong.status, wrong.code], [401, 'invalid_api_key'])
    const tag = await refused(embed(sdkOf(apiKey, { defaultHeaders: { 'x-sluice-tags': 'no blanks' } }), 'a'))
    assert.deepEqual([tag.status, tag.code, tag.param], [400, 'invalid_value', 'x-sluice-tags'])
    const missing = await refused(sdk.models.retrieve('gpt-none'))
    assert.deepEqual([missing.status, missing.code], [404, 'model_not_found'])
    const chat = await refused(sdk.chat.completions.create({ model, messages: [] }))
    assert.deepEqual([chat.status, chat.type], [404, 'invalid_request_error'])
    const models = await Array.fromAsync(sdk.models.list())
    assert.deepEqual(
      models.map(one => one.id),
      [model],
    )
  })

  test('bad requests get the very answer of OpenAI (of its simulator)', async () => {
    const bodies = [
      '{',
      '[]',
      '{"input":"a"}',
      JSON.stringify({ model: 'text-embedding-none', input: 'a' }),
      ...[undefined, null, 7, '', [], [''], ['a', 1], [[]], { a: 1 }, Array.from({ length: 2049 }, () => 'a')].map(
        input => JSON.stringify({ model, input }),
      ),
      JSON.stringify({ model, input: 'a', encoding_format: 'hex' }),
      JSON.stringify({ model, input: 'word '.repeat(9_000) }),
      JSON.stringify({ model, input: Array.from({ length: 40 }, () => 'word '.repeat(8_000)) }),
    ]
    for (const body of bodies) {
      const ask = async (url: string) => {
        const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
        const response = await fetch(`${url}/embeddings`, { method: 'POST', headers, body })
        return { status: response.status, body: await response.json() }
      }
      const [ours, theirs] = [await ask(`${sluice.server.url}/openai/v1`), await ask(`${served.url}/v1`)]
      assert.ok(theirs.status >= 400)
      assert.deepEqual(ours, theirs, body.slice(0, 80))
    }
  })

  test('a provider that is busy is tried again by the SDK; one that may have charged is not', async () => {
    const { sdk } = await newTenant('faults')
    openAi.inject({ kind: 'server_error', status: 503 })
    const { headers } = await embed(sdk, 'tried again')
    assert.equal(headers.get('x-sluice-cache'), 'miss')
    for (const [fault, status, code] of [
      [{ kind: 'malformed', body: 'html' }, 502, 'provider_reply_malformed'],
      [{ kind: 'connection_lost', billed: true }, 503, 'call_outcome_unknown'],
    ] as const) {
      openAi.inject(fault)
      const before = openAi.counters().requests
      const error = await refused(embed(sdk, `the secret of ${code}`))
      assert.deepEqual([error.status, error.code], [status, code])
      assert.ok(!error.message.includes('the secret'), error.message)
      assert.equal(openAi.counters().requests - before, 1)
    }
  })

  test('every answer names its request; nothing simulated passes for real', async () => {
    const { headers } = await embed(sdk, 'a pump')
    assert.match(headers.get('x-request-id') ?? '', /^[\w-]{36}$/)
    assert.equal(headers.get('x-sluice-simulated'), null)
    const rehearsed = await createPlace()
    const mock = await startSluice(rehearsed)
    try {
      const client = new OpenAI({ apiKey, baseURL: `${mock.server.url}/openai/v1`, logLevel: 'off' })
      for (const cache of ['miss', 'hit']) {
        const { headers } = await embed(client, 'rehearsed')
        assert.equal(headers.get('x-sluice-cache'), cache)
        assert.equal(headers.get('x-sluice-simulated'), 'true')
      }
    } finally {
      await mock.close()
      await rehearsed.remove()
    }
  })
})

function f32(vector: number[]): number[] {
  return [...Float32Array.from(vector)]
}
