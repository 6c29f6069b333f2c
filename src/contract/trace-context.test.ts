import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextTraceContext, readTraceparent, writeTraceparent } from './trace-context.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

test('a traceparent is read and written as W3C says', () => {
  for (const flags of ['00', '01']) {
    const header = `00-${traceId}-${spanId}-${flags}`
    assert.deepEqual(readTraceparent(header), { traceId, spanId, sampled: flags === '01' })
    assert.equal(writeTraceparent(readTraceparent(header) ?? assert.fail()), header)
  }
  assert.equal(readTraceparent(`cc-${traceId}-${spanId}-01-what-comes-later`)?.traceId, traceId)
})

test('what is none begins a trace of its own', () => {
  const bad = [
    undefined,
    '',
    'hello',
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
  ]
  for (const header of bad) assert.equal(readTraceparent(header), null, String(header))
  const random = (bytes: number) => 'ab'.repeat(bytes)
  assert.deepEqual(nextTraceContext(null, random), {
    traceId: 'ab'.repeat(16),
    spanId: 'ab'.repeat(8),
    sampled: true,
  })
  const parent = { traceId, spanId, sampled: false }
  assert.deepEqual(nextTraceContext(parent, random), { traceId, spanId: 'ab'.repeat(8), sampled: false })
})
