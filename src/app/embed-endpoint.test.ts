import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../contract/failure.ts'
import type { PriceUnits } from '../contract/price-list.ts'
import { endpointProfiles } from '../providers/openai/endpoint-profiles.ts'
import { createEmbedEndpoint } from './embed-endpoint.ts'
import { readConfiguration } from './read-configuration.ts'

const unpriced: PriceUnits = model => {
  throw new AppError('call_unpriceable', `There is no price for ${model}.`)
}
const endpointOf = (environment: Record<string, string>) =>
  createEmbedEndpoint(readConfiguration({ SLUICE_EMBED_MODE: 'real', ...environment }))

function faultOf(environment: Record<string, string>): string {
  try {
    endpointOf(environment)
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'configuration_invalid', String(error))
    return error.message
  }
  return 'no fault'
}

test('with no setting nothing real is reached', () => {
  assert.equal(createEmbedEndpoint(readConfiguration({})), null)
})

test('OpenAI as before: its own key and address', () => {
  const { provider, paid, client } =
    endpointOf({ OPENAI_API_KEY: 'sk-a', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }) ?? {}
  assert.deepEqual([provider, paid, client?.apiKey, client?.baseUrl], ['openai', true, 'sk-a', 'http://127.0.0.1:1/v1'])
  assert.deepEqual(client?.endpoint, endpointProfiles.openai)
  const newer = endpointOf({
    OPENAI_API_KEY: 'sk-a',
    SLUICE_EMBED_KEY: 'sk-b',
    SLUICE_EMBED_BASE_URL: 'https://x.eu/v1',
  })
  assert.deepEqual([newer?.client.apiKey, newer?.client.baseUrl], ['sk-b', 'https://x.eu/v1'])
})

test('another provider never gets the key or the address of OpenAI', () => {
  const set = { SLUICE_EMBED_PROVIDER: 'ollama', SLUICE_EMBED_MODEL: 'nomic-embed-text' }
  const { client } = endpointOf({ ...set, OPENAI_API_KEY: 'sk-a', OPENAI_BASE_URL: 'https://api.openai.com/v1' }) ?? {}
  assert.deepEqual([client?.apiKey, client?.baseUrl], ['', 'http://127.0.0.1:11434/v1'])
})

test('P6: what runs on an own machine costs nothing, since its profile says so; a service without a price stays refused', () => {
  const own = endpointOf({ SLUICE_EMBED_PROVIDER: 'tei', SLUICE_EMBED_MODEL: 'bge-m3' })
  assert.deepEqual([own?.paid, own?.price(unpriced)('bge-m3', 5)], [false, 0n])
  for (const [name, key] of Object.entries({ voyage: 'k', custom: '' })) {
    const set = { SLUICE_EMBED_PROVIDER: name, SLUICE_EMBED_MODEL: 'm', SLUICE_EMBED_BASE_URL: 'http://h/v1' }
    const service = endpointOf({ ...set, SLUICE_EMBED_KEY: key })
    assert.equal(service?.paid, true)
    assert.throws(() => service?.price(unpriced)('m', 5), { code: 'call_unpriceable' })
  }
  const set = { SLUICE_EMBED_PROVIDER: 'custom', SLUICE_EMBED_MODEL: 'm', SLUICE_EMBED_BASE_URL: 'http://h/v1' }
  assert.equal(endpointOf({ ...set, SLUICE_EMBED_OPTIONS: 'cost=free' })?.price(unpriced)('m', 5), 0n)
  const dear = endpointOf({
    SLUICE_EMBED_PROVIDER: 'tei',
    SLUICE_EMBED_MODEL: 'm',
    SLUICE_EMBED_OPTIONS: 'cost=priced',
  })
  assert.equal(dear?.paid, true)
})

test('each thing that is known can be said otherwise', () => {
  const options =
    'inputs=64, request-tokens=5000,input-tokens=512 , token-factor=1.25, dimensions=dimensions, base64=no, key-header=api-key, api-version=v1, cost=free'
  const set = { SLUICE_EMBED_PROVIDER: 'mistral', SLUICE_EMBED_MODEL: 'm', SLUICE_EMBED_KEY: 'k' }
  const { client } = endpointOf({ ...set, SLUICE_EMBED_OPTIONS: options }) ?? {}
  assert.deepEqual(client?.endpoint, {
    ...endpointProfiles.mistral,
    limits: { maxInputsPerRequest: 64, maxTokensPerRequest: 5000, maxTokensPerInput: 512 },
    tokenFactor: 1.25,
    dimensionsField: 'dimensions',
    base64Field: null,
    keyHeader: 'api-key',
    query: { 'api-version': 'v1' },
    cost: 'free',
  })
})

const faults: [Record<string, string>, RegExp][] = [
  [{}, /SLUICE_EMBED_MODE is real, and OPENAI_API_KEY is not set/],
  [{ SLUICE_EMBED_PROVIDER: 'nobody' }, /SLUICE_EMBED_PROVIDER must be/],
  [
    { SLUICE_EMBED_PROVIDER: 'voyage', OPENAI_API_KEY: 'sk-a' },
    /SLUICE_EMBED_KEY is not set.*SLUICE_EMBED_MODEL is text-embedding-3-small, which is OpenAI's/,
  ],
  [{ SLUICE_EMBED_PROVIDER: 'azure', SLUICE_EMBED_KEY: 'k' }, /no usual address, and SLUICE_EMBED_BASE_URL is not set/],
  [
    {
      SLUICE_EMBED_PROVIDER: 'azure',
      SLUICE_EMBED_KEY: 'k',
      SLUICE_EMBED_BASE_URL: 'https://x.openai.azure.com/openai/deployments/small',
    },
    /needs a version: add api-version=/,
  ],
  [{ OPENAI_API_KEY: 'k', SLUICE_EMBED_BASE_URL: 'localhost:80' }, /SLUICE_EMBED_BASE_URL must be an http/],
  [{ OPENAI_API_KEY: 'k', SLUICE_EMBED_BASE_URL: 'http://a:b@h/v1' }, /SLUICE_EMBED_BASE_URL must be an http/],
  [
    { SLUICE_EMBED_PROVIDER: 'ollama', SLUICE_EMBED_MODE: 'mock' },
    /only openai is simulated: set SLUICE_EMBED_MODE=real/,
  ],
  [{ SLUICE_EMBED_OPTIONS: 'inputs' }, /SLUICE_EMBED_OPTIONS must be pairs like inputs=64/],
  [{ SLUICE_EMBED_OPTIONS: 'inputs=0' }, /SLUICE_EMBED_OPTIONS must be pairs of which inputs must be a whole number/],
  [{ SLUICE_EMBED_OPTIONS: 'token-factor=0.5' }, /token-factor must be a number from 1 to 99/],
  [{ SLUICE_EMBED_OPTIONS: 'input=5' }, /pairs with the names inputs, .*; input is none of them/],
  [{ SLUICE_EMBED_OPTIONS: 'inputs=5,inputs=6' }, /without a name twice/],
]
for (const [environment, message] of faults) {
  test(`I20: ${JSON.stringify(environment)} is refused at the start`, () => {
    assert.match(faultOf(environment), message)
  })
}

test('Azure: a deployment with its version, and the v1 API without one', () => {
  const set = { SLUICE_EMBED_PROVIDER: 'azure', SLUICE_EMBED_KEY: 'k' }
  const host = 'https://x.openai.azure.com/openai'
  const old = endpointOf({
    ...set,
    SLUICE_EMBED_BASE_URL: `${host}/deployments/small`,
    SLUICE_EMBED_OPTIONS: 'api-version=2024-10-21',
  })
  assert.deepEqual(old?.client.endpoint.query, { 'api-version': '2024-10-21' })
  assert.deepEqual(endpointOf({ ...set, SLUICE_EMBED_BASE_URL: `${host}/v1` })?.client.endpoint.query, {})
})
