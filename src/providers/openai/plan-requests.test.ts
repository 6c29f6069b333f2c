import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planRequests } from './plan-requests.ts'

const tokensOf = (tokenCounts: number[], request: number[]) =>
  request.reduce((sum, position) => sum + (tokenCounts[position] ?? 0), 0)

test('no texts need no request', () => {
  assert.deepEqual(planRequests([]), [])
})

test('I4: 2,048 texts fit one request, 2,049 need two', () => {
  assert.deepEqual(planRequests(Array(2048).fill(1)).length, 1)
  assert.deepEqual(planRequests(Array(2049).fill(1)).length, 2)
})

test('I4: 300,000 tokens fit one request, one more needs two', () => {
  const full = [...Array(36).fill(8192), 300_000 - 36 * 8192]
  assert.equal(planRequests(full).length, 1)
  assert.equal(planRequests([...full, 1]).length, 2)
})

test('gaps that filling in order would leave are used', () => {
  // In order, the two inputs of 8,192 would close the first and the second request early.
  const nearlyFull = Array(36).fill(8192)
  const tokenCounts = [...nearlyFull, 1000, 8192, ...Array(35).fill(8192), 4000, 1000]
  assert.equal(planRequests(tokenCounts).length, 2)
  // 1,000 texts fill the tokens of two requests while 3,096 small ones fill the counts: only mixing them needs two.
  assert.equal(planRequests([...Array(1000).fill(300), ...Array(3096).fill(1)]).length, 2)
})

test('I4: a text above 8,192 tokens is refused before anything is sent, and named', () => {
  assert.equal(planRequests([8192]).length, 1)
  assert.throws(() => planRequests([5, 8193, 5]), { code: 'call_invalid', message: /^Text 2 of 3 has 8193 tokens/ })
})

test('an empty text is refused before anything is sent, and named', () => {
  assert.throws(() => planRequests([0]), { code: 'call_invalid', message: /^Text 1 of 1 is empty/ })
  assert.throws(() => planRequests([3, Number.NaN]), { code: 'call_invalid', message: /^Text 2 of 2 is empty/ })
})

test('I4: every text is in exactly one request, and every request within all limits', () => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: 8192 }), fc.integer({ min: 1, max: 60 }), fc.constant(8192))
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 6000, size: 'max' }), tokenCounts => {
      const requests = planRequests(tokenCounts)
      assert.deepEqual(
        requests.flat().sort((a, b) => a - b),
        tokenCounts.map((_, position) => position),
      )
      const total = tokensOf(tokenCounts, requests.flat())
      for (const request of requests) {
        assert.ok(request.length > 0 && request.length <= 2048)
        assert.ok(tokensOf(tokenCounts, request) <= 300_000)
        assert.deepEqual(
          request,
          [...request].sort((a, b) => a - b),
        )
      }
      assert.ok(requests.length <= Math.max(Math.ceil(tokenCounts.length / 2048), Math.ceil(total / 290_000)) + 1)
    }),
    { numRuns: 60 },
  )
})
