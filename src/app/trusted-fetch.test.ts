import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atTracePlace } from '../platform/trace-scope.ts'
import { fetchFor } from './trusted-fetch.ts'

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test('only a provider that is named is told to which trace a request belongs', async () => {
  const sent: (string | null)[] = []
  const record = async (request: Request) => {
    sent.push(request.headers.get('traceparent'))
    return new Response()
  }
  const configuration = { traceProviders: ['vllm'] }
  for (const provider of ['vllm', 'openai'])
    await atTracePlace({ traceparent }, async () =>
      fetchFor(configuration, provider, record).fetch?.(new Request('http://127.0.0.1:9')),
    )
  await fetchFor(configuration, 'vllm', record).fetch?.(new Request('http://127.0.0.1:9'))
  assert.deepEqual(sent, [traceparent, null, null])
  assert.deepEqual(fetchFor(configuration, 'openai', undefined), {})
})
