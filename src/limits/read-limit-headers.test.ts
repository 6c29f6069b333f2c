import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDuration, readLimitHeaders } from './read-limit-headers.ts'

test('durations as OpenAI writes them', () => {
  assert.equal(readDuration('12ms'), 12)
  assert.equal(readDuration('6m0s'), 360_000)
  assert.equal(readDuration('1s'), 1_000)
  assert.equal(readDuration('1h0m0.5s'), 3_600_500)
  assert.equal(readDuration('1.5ms'), 2)
  for (const text of ['', '5', 'soon', '1x', '-1s']) assert.equal(readDuration(text), null)
})

test('limits and waits; the most exact word wins, and nonsense is nothing', () => {
  const now = Date.parse('2026-11-24T00:00:00Z')
  const read = (headers: Record<string, string>) => readLimitHeaders(new Headers(headers), now)
  assert.deepEqual(read({}), { requestsPerMinute: null, tokensPerMinute: null, retryAfterMs: null })
  assert.deepEqual(read({ 'x-ratelimit-limit-requests': '3000', 'x-ratelimit-limit-tokens': '1000000' }), {
    requestsPerMinute: 3_000,
    tokensPerMinute: 1_000_000,
    retryAfterMs: null,
  })
  assert.equal(read({ 'retry-after': '2', 'retry-after-ms': '1500' }).retryAfterMs, 1_500)
  assert.equal(read({ 'retry-after': '2' }).retryAfterMs, 2_000)
  assert.equal(read({ 'retry-after': 'Tue, 24 Nov 2026 00:00:30 GMT' }).retryAfterMs, 30_000)
  const resets = { 'x-ratelimit-reset-requests': '12ms', 'x-ratelimit-reset-tokens': '6m0s' }
  assert.equal(read(resets).retryAfterMs, null, 'a reset alone says nothing while there is room')
  assert.equal(read({ ...resets, 'x-ratelimit-remaining-tokens': '0' }).retryAfterMs, 360_000)
  assert.equal(read({ 'retry-after': 'tomorrow', 'x-ratelimit-limit-tokens': 'many' }).retryAfterMs, null)
})
