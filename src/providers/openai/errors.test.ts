import assert from 'node:assert/strict'
import { test } from 'node:test'
import refusals from './__fixtures__/refusals.json' with { type: 'json' }
import { createEmbeddingsRequest } from './embeddings-request.http.ts'
import { readRetryAfterMs, refusalToAppError } from './errors.ts'

const call = 'The embeddings request for 2 texts to text-embedding-3-small'

for (const { name, status, headers, body, becomes, retryAfterMs } of refusals) {
  test(`I22: over the SDK, "${name}" (${status}) becomes ${becomes}`, async () => {
    const send = createEmbeddingsRequest({
      apiKey: 'sk-test',
      baseUrl: 'https://api.openai.com/v1',
      model: 'text-embedding-3-small',
      dimensions: 4,
      timeoutMs: 5000,
      fetch: async () =>
        new Response(typeof body === 'string' ? body : JSON.stringify(body), {
          status,
          headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
        }),
    })
    await assert.rejects(
      send(['a', 'b'], call, new AbortController().signal),
      (error: Error & { retryAfterMs?: number }) => {
        assert.equal('code' in error && error.code, becomes)
        assert.equal(error.retryAfterMs, retryAfterMs)
        assert.ok(error.message.startsWith(call))
        assert.match(error.message, new RegExp(`HTTP ${status}.*request id req_7f3a`))
        return true
      },
    )
  })
}

test('I32: neither the key nor the text that a refusal quotes gets into the error', () => {
  const headers = new Headers({ 'x-request-id': 'my secret text\tquoted' })
  const refusal = { status: 400, headers, code: 'bad: my secret text', type: 'my secret text', param: 'input' }
  const error = refusalToAppError(refusal, call)
  assert.doesNotMatch(error.message, /secret/)
  assert.match(error.message, /param input/)
  assert.equal(error.cause, undefined)
})

test('a wait that makes no sense is no wait', () => {
  const waits: Record<string, string>[] = [
    {},
    { 'retry-after': '' },
    { 'retry-after': 'soon' },
    { 'retry-after': '-3' },
    { 'retry-after-ms': 'NaN' },
  ]
  for (const headers of waits) assert.equal(readRetryAfterMs(new Headers(headers)), undefined)
  assert.equal(readRetryAfterMs(new Headers({ 'retry-after': '0' })), 0)
})

test('an unknown code falls back to the status', () => {
  const codeOf = (status: number) => refusalToAppError({ status, headers: new Headers(), code: 'brand_new' }, call).code
  assert.deepEqual([400, 403, 408, 413, 422, 429, 500, 529].map(codeOf), [
    'call_invalid',
    'provider_key_refused',
    'provider_unavailable',
    'call_invalid',
    'call_invalid',
    'provider_rate_limited',
    'provider_unavailable',
    'provider_unavailable',
  ])
})
