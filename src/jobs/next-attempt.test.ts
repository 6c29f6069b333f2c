import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError, type FailureCode, failureCodes } from '../contract/failure.ts'
import { maxFailures, nextAttempt } from './next-attempt.ts'

const codes = fc.constantFrom(...failureCodes)
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const failures = fc.nat({ max: maxFailures + 3 })
const isRetryable = (code: FailureCode) => new AppError(code, '').retryable

test('full jitter: any delay from nothing up to a ceiling that doubles with each failure and ends at five minutes', () => {
  const burning = codes.filter(code => isRetryable(code) && code !== 'provider_rate_limited')
  fc.assert(
    fc.property(burning, fc.nat({ max: maxFailures - 2 }), random, (code, burnt, chance) => {
      const next = nextAttempt(new AppError(code, ''), burnt, chance)
      assert.ok(next.kind === 'retry')
      const ceiling = Math.min(300_000, 1_000 * 2 ** (burnt + 1))
      assert.ok(Math.abs(next.delayMs - chance * ceiling) <= 1, `${next.delayMs} of ${ceiling}`)
      assert.equal(next.failures, burnt + 1)
    }),
  )
})

test('the fifth failure is the last one', () => {
  const error = new AppError('internal_error', '')
  assert.equal(nextAttempt(error, maxFailures - 2, 0.5).kind, 'retry')
  assert.equal(nextAttempt(error, maxFailures - 1, 0.5).kind, 'fail')
})

test('P18: a rate limit burns no attempt, and at least the wished delay is waited', () => {
  fc.assert(
    fc.property(fc.nat({ max: maxFailures - 1 }), fc.nat({ max: 3_600_000 }), random, (burnt, retryAfterMs, chance) => {
      const next = nextAttempt(new AppError('provider_rate_limited', '', { retryAfterMs }), burnt, chance)
      assert.ok(next.kind === 'retry')
      assert.equal(next.failures, burnt)
      assert.ok(next.delayMs >= retryAfterMs && next.delayMs <= retryAfterMs + 300_000)
    }),
  )
})

test('what cannot be helped by trying again fails at once', () => {
  fc.assert(
    fc.property(
      codes.filter(code => !isRetryable(code)),
      failures,
      random,
      (code, burnt, chance) => {
        assert.deepEqual(nextAttempt(new AppError(code, ''), burnt, chance), { kind: 'fail' })
      },
    ),
  )
})
