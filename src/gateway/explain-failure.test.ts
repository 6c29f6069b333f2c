import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallDeferred, type DeferralReason, deferralReasons } from '../contract/deferral.ts'
import { AppError, failureCodes } from '../contract/failure.ts'
import { explainFailure, resetOf } from './explain-failure.ts'

const now = new Date('2026-03-01T12:00:00Z')
const inAMinute = new Date('2026-03-01T12:01:00Z')
const deferred = (reason: DeferralReason, resumesAt: Date | null) =>
  new CallDeferred({ reason, message: 'It waits.', resumesAt, budget: null })

test('a budget says when it begins anew, and that trying again is of no use', () => {
  const failure = deferred('budget', inAMinute)
  const { status, headers, body } = explainFailure(failure, resetOf(failure), now)
  assert.equal(status, 429)
  assert.deepEqual(headers, {
    'x-should-retry': 'false',
    'retry-after': '60',
    'x-sluice-budget-resets-at': '2026-03-01T12:01:00.000Z',
  })
  assert.deepEqual(JSON.parse(body).error, {
    message: 'It waits. It begins anew at 2026-03-01T12:01:00.000Z.',
    type: 'insufficient_quota',
    param: null,
    code: 'budget_exhausted',
  })
  const never = explainFailure(new AppError('budget_exhausted', 'It never fits.'), null, now)
  assert.deepEqual([never.status, never.headers], [429, { 'x-should-retry': 'false' }])
})

test('every failure has a form, and only those are tried again that cost nothing', () => {
  const retried = new Set<string>()
  for (const code of failureCodes) {
    const { status, headers, body } = explainFailure(new AppError(code, 'What happened.'), null, now)
    assert.ok(status >= 400 && status < 600)
    assert.equal(typeof JSON.parse(body).error.type, 'string')
    if (headers['x-should-retry'] === 'true') retried.add(code)
  }
  for (const code of ['provider_reply_malformed', 'vector_invalid', 'call_outcome_unknown', 'budget_exhausted'])
    assert.ok(!retried.has(code), code)
  for (const code of ['provider_unavailable', 'provider_rate_limited', 'database_unavailable'])
    assert.ok(retried.has(code), code)
})

test('what waits for somebody else is tried again, what waits for a person is not', () => {
  const retries = deferralReasons.map(reason => {
    const { headers } = explainFailure(deferred(reason, inAMinute), null, now)
    return [reason, headers['x-should-retry'], headers['retry-after']]
  })
  assert.deepEqual(retries, [
    ['budget', 'false', '60'],
    ['in_doubt', 'false', '60'],
    ['in_progress', 'true', '60'],
    ['provider_stopped', 'false', '60'],
    ['provider_unhealthy', 'true', '60'],
  ])
})

test("the provider's wish to wait is passed on; what went wrong inside is not told", () => {
  const busy = new AppError('provider_rate_limited', 'Slow down.', { retryAfterMs: 1_200 })
  assert.equal(explainFailure(busy, null, now).headers['retry-after'], '2')
  const { status, body } = explainFailure(new AppError('internal_error', 'at line 7'), null, now)
  assert.equal(status, 500)
  assert.ok(!body.includes('line 7'))
})
