import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEndpointServer, serverKey, serverRules } from './__fixtures__/endpoint-servers.ts'
import { createOpenAiEmbeddings, type OpenAiEmbeddingsOptions } from './embeddings-client.ts'
import { mostTokens } from './endpoint-profile.ts'
import { type EndpointName, endpointNames, endpointProfiles } from './endpoint-profiles.ts'
import { simulatedVector } from './simulated-vector.ts'

const model = 'a-model'
const dimensions = 8
const textsOf = (...texts: string[]) => ({
  texts: texts.map(text => ({ text, tokenCount: text.split(' ').length })),
})
const many = (count: number, text = 'word') => textsOf(...Array.from({ length: count }, (_, i) => `${text}${i}`))
const never = new AbortController().signal

function setUp(name: EndpointName, options: Partial<OpenAiEmbeddingsOptions> = {}, tokensPerWord = 1, extraTokens = 0) {
  const server = createEndpointServer(name, { tokensPerWord, extraTokens })
  const { url, key } = serverRules[name]
  const endpoint = options.endpoint ?? endpointProfiles[name]
  const service = createOpenAiEmbeddings({
    apiKey: key === null ? '' : serverKey,
    baseUrl: url.replace(/\/embeddings$/, ''),
    model,
    dimensions,
    timeoutMs: 5000,
    simulated: false,
    fetch: server.fetch,
    price: (_model, tokens) => BigInt(tokens) * 10n,
    ...options,
    endpoint: name === 'azure' ? { ...endpoint, query: { 'api-version': '2024-10-21' } } : endpoint,
  })
  return { service, server }
}

for (const name of endpointNames) {
  test(`${name}: every text gets its vector, in order, from requests that the server takes`, async () => {
    const { service, server } = setUp(name)
    const input = many(2500)
    const { output, usage } = await service.call(input, { signal: never })
    assert.deepEqual(
      output.vectors,
      input.texts.map(({ text }) => simulatedVector(text, dimensions, model)),
    )
    assert.ok(server.bodies.every(body => body.input.length <= serverRules[name].maxInputs))
    const said = name !== 'ollama' && name !== 'custom'
    assert.equal(usage.units, said ? 2500 : 2500 * mostTokens(1, endpointProfiles[name]))
  })

  test(`${name}: a quote is the most, however the server counts within its factor`, async () => {
    const { tokenFactor, extraTokensPerText } = endpointProfiles[name]
    const { service } = setUp(name, {}, tokenFactor, extraTokensPerText)
    const input = many(40, 'one two three ')
    const quote = await service.quote(input)
    const { usage } = await service.call(input, { signal: never })
    assert.ok(quote && usage.costNanoUsd <= quote.costNanoUsd, `${usage.costNanoUsd} > ${quote?.costNanoUsd}`)
    assert.equal(usage.costNanoUsd, BigInt(40 * (4 * tokenFactor + extraTokensPerText)) * 10n)
  })

  test(`${name}: what it refuses is told without a word of the text or the key that it quotes`, async () => {
    const { key, ignoresUnknown } = serverRules[name]
    const endpoint = { ...endpointProfiles[name], body: { nonsense: true } }
    const wrongs: (readonly [Partial<OpenAiEmbeddingsOptions>, string])[] = [
      [{ baseUrl: 'https://elsewhere.example/v1' }, 'provider_refused'],
      ...(key === null ? [] : ([[{ apiKey: 'secret-key' }, 'provider_key_refused']] as const)),
      ...(ignoresUnknown ? [] : ([[{ endpoint }, 'call_invalid']] as const)),
    ]
    for (const [wrong, code] of wrongs) {
      const { service } = setUp(name, wrong)
      await assert.rejects(
        service.call(textsOf('my secret'), { signal: never }),
        (error: Error & { code?: string }) => {
          assert.doesNotMatch(error.message, /secret/)
          assert.equal(error.cause, undefined)
          assert.equal(error.code, code)
          return true
        },
      )
    }
  })
}

test('Azure: the key goes into api-key alone, with the version of the API', async () => {
  const { service, server } = setUp('azure')
  await service.call(textsOf('one'), { signal: never })
  assert.deepEqual(server.urls, [
    'https://sluice.openai.azure.com/openai/deployments/small/embeddings?api-version=2024-10-21',
  ])
  const wrong = setUp('azure', { apiKey: 'another' })
  await assert.rejects(wrong.service.call(textsOf('one'), { signal: never }), {
    code: 'provider_key_refused',
    message: /Azure OpenAI does not accept the API key; check SLUICE_EMBED_KEY \(HTTP 401, code 401\)/,
  })
})

test('Voyage: its own name for the size, and nothing is cut off', async () => {
  const { service, server } = setUp('voyage')
  await service.call(textsOf('one'), { signal: never })
  assert.deepEqual(server.bodies, [
    { model, input: ['one'], output_dimension: 8, encoding_format: 'base64', truncation: false },
  ])
})

test('Voyage says only the total of tokens, and that is booked', async () => {
  const { service } = setUp('voyage', {}, 2)
  assert.equal((await service.call(textsOf('one two'), { signal: never })).usage.units, 4)
})

test('Jina: no encoding_format, which it refuses', async () => {
  const { service, server } = setUp('jina')
  await service.call(textsOf('one'), { signal: never })
  assert.deepEqual(server.bodies, [{ model, input: ['one'], dimensions: 8, embedding_type: 'base64' }])
})

test('a server that refuses a field is quoted by the name of the field alone', async () => {
  const refused: [EndpointName, RegExp][] = [
    ['jina', /Jina says that the request is wrong \(HTTP 422, param body\.encoding_format, type extra_forbidden\)/],
    ['tei', /Text Embeddings Inference says that the request is wrong \(HTTP 422\)/],
    ['mistral', /Mistral says that the request is wrong \(HTTP 422, code 3210\)/],
    ['voyage', /Voyage says that the request is wrong \(HTTP 422\)/],
  ]
  for (const [name, message] of refused) {
    const wrong = { dimensionsField: 'dimensions', base64Field: 'encoding_format', body: { nonsense: 1 } } as const
    const body = name === 'jina' ? {} : wrong.body
    const { service } = setUp(name, { endpoint: { ...endpointProfiles[name], ...wrong, body } })
    await assert.rejects(service.call(textsOf('my secret'), { signal: never }), (error: Error & { code?: string }) => {
      assert.match(error.message, message)
      assert.doesNotMatch(error.message, /secret|what was sent/)
      return error.code === 'call_invalid'
    })
  }
})

test('Mistral: requests stay below its 16,384 tokens by its own count', async () => {
  const { service, server } = setUp('mistral', {}, 3)
  const text = Array(500).fill('word').join(' ')
  await service.call(textsOf(...Array(50).fill(text)), { signal: never })
  // 500 of our tokens can be 1,502 of theirs: ten texts to a request.
  assert.deepEqual(
    server.bodies.map(body => body.input.length),
    Array(5).fill(10),
  )
})

test("a text that is too long by the server's count alone is sent by itself, for the server to judge", async () => {
  const { service, server } = setUp('mistral')
  const long = Array(8000).fill('word').join(' ')
  await service.call(textsOf('short', long), { signal: never })
  assert.deepEqual(server.bodies.map(body => body.input.length).sort(), [1, 1])
  const tooLong = { texts: [{ text: 'x', tokenCount: 8193 }] }
  await assert.rejects(service.call(tooLong, { signal: never }), { message: /Mistral takes at most 8192 in one text/ })
})

test('parts of a token are quoted as whole ones, for each text', async () => {
  const { service } = setUp('cohere', { endpoint: { ...endpointProfiles.cohere, tokenFactor: 1.1 } })
  assert.equal((await service.quote(textsOf('one', 'two three')))?.units, 2 + 2 + (3 + 2))
})

test('a server on this machine needs no key and is sent none; a service without a key is refused', async () => {
  const { service } = setUp('ollama')
  await service.call(textsOf('one'), { signal: never })
  for (const name of endpointNames.filter(one => endpointProfiles[one].key === 'needed'))
    assert.throws(() => setUp(name, { apiKey: '' }), { code: 'provider_not_configured' }, name)
})

test('a paid service that does not say what it counted is booked the most', async () => {
  const { service } = setUp('custom')
  assert.equal((await service.call(textsOf('one two'), { signal: never })).usage.units, 8)
})

test('servers and models of different names never share results', () => {
  const variants = endpointNames.map(name => setUp(name).service.variant(textsOf('one')))
  assert.equal(new Set(variants).size, endpointNames.length)
})

const statuses: [number, string][] = [
  [402, 'provider_out_of_credits'],
  [424, 'provider_unavailable'],
  [429, 'provider_rate_limited'],
  [503, 'provider_unavailable'],
]
for (const [status, code] of statuses) {
  test(`HTTP ${status} with a body that is no OpenAI error becomes ${code}`, async () => {
    for (const body of ['{"detail":"x"}', '{"error":"x"}', '{"message":"x"}', '[]', 'null', '"x"', '<html>', '']) {
      const fetch = async () => new Response(body, { status, headers: { 'content-type': 'application/json' } })
      const { service } = setUp('tei', { fetch })
      await assert.rejects(service.call(textsOf('one'), { signal: never }), { code }, body)
    }
  })
}
