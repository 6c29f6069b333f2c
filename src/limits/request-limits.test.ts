import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { onBothDatabases } from '../../test/harness/databases.ts'
import { useSluice } from '../../test/harness/use-sluice.ts'
import { AppError } from '../contract/failure.ts'
import { createAccountLimiter, limitShare } from './account-limiter.ts'
import { closeFor, noteLimits, takeRoom } from './request-limits.sql.ts'

const start = Date.parse('2026-11-24T00:00:00Z')
const minuteMs = 60_000
const hourMs = 60 * minuteMs

onBothDatabases('limits of an account', createPlace => {
  const sluice = useSluice(createPlace, { SLUICE_WORKERS: 'off' })
  let accounts = 0

  /** Asks at these times (since the start), and gives when each may send. */
  const grant = async (limits: { requests: number; tokens: number }, asks: readonly (readonly [number, number])[]) => {
    const account = `account-${accounts++}`
    await noteLimits(sluice().database, account, { requestsPerMinute: limits.requests, tokensPerMinute: limits.tokens })
    const sent: { atMs: number; tokens: number }[] = []
    for (const [atMs, tokens] of asks) {
      const how = { share: limitShare, patienceMs: 24 * hourMs }
      const room = await takeRoom(sluice().database, account, tokens, how, new Date(start + atMs))
      assert.ok(room.granted)
      sent.push({ atMs: atMs + room.waitMs, tokens })
    }
    return sent
  }

  test('I6: whatever is asked for, no sliding 60 seconds hold more than the limits, and nobody overtakes by more than a second', async () => {
    const ask = fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 300 }))
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 320, max: 2_000 }),
        fc.array(ask, { minLength: 5, maxLength: 40 }),
        async (requests, tokens, gaps) => {
          let atMs = 0
          const asks = gaps.map(([gap, want]) => {
            atMs += gap % 7 === 0 ? gap : gap % 50
            return [atMs, want] as const
          })
          const sent = await grant({ requests, tokens }, asks)
          for (const [i, { atMs: from }] of sent.entries()) {
            const window = sent.filter(one => one.atMs >= from && one.atMs < from + minuteMs)
            assert.ok(window.length <= requests, `${window.length} of ${requests} requests`)
            const sum = window.reduce((total, one) => total + one.tokens, 0)
            assert.ok(sum <= tokens, `${sum} of ${tokens} tokens`)
            assert.ok(i === 0 || from > (sent[i - 1]?.atMs ?? 0) - 1_000)
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  test('who always has more to send uses more than 90 % of the limit', async () => {
    const sent = await grant(
      { requests: 10_000, tokens: 100_000 },
      Array.from({ length: 200 }, () => [0, 5_000] as const),
    )
    const lastMs = sent.at(-1)?.atMs ?? 0
    const minutes = Math.floor(lastMs / minuteMs)
    const whole = sent.filter(one => one.atMs < minutes * minuteMs).length * 5_000
    const used = whole / (minutes * 100_000)
    assert.ok(used >= 0.9, `${used} of the limit in ${minutes} minutes`)
  })

  test('without limits known nothing waits; what would take too long is not given and takes no place', async () => {
    const how = { share: limitShare, patienceMs: 0 }
    for (let i = 0; i < 50; i++)
      assert.equal((await takeRoom(sluice().database, 'unknown', 300_000, how)).granted, true)
    await noteLimits(sluice().database, 'unknown', { requestsPerMinute: null, tokensPerMinute: 1_000_000 })
    const { granted, waitMs } = await takeRoom(sluice().database, 'unknown', 10, how)
    assert.equal(granted, false)
    assert.ok(waitMs > 50_000, 'what was sent before the limit was known counts')
    const later = await takeRoom(sluice().database, 'unknown', 10, { ...how, patienceMs: 120_000 })
    assert.ok(later.granted && Math.abs(later.waitMs - waitMs) < 1_500)
  })

  test('P18: after a 429 nobody sends for as long as it says, in any process, and the limits of the headers are learnt', async () => {
    const errors: unknown[] = []
    const create = () =>
      createAccountLimiter({
        database: sluice().database,
        account: 'refused',
        bound: 8,
        patienceMs: 1_000,
        onError: error => errors.push(error),
      })
    const [one, other] = [create(), create()]
    const { signal } = new AbortController()
    const turn = await one.turn(100, signal)
    const headers = new Headers({
      'retry-after': '30',
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-limit-tokens': '1000000',
    })
    turn.done('limited', headers)
    // Both notes are written behind the request's back; a third statement on the same row waits for them.
    await sluice().sql('SELECT pg_sleep(0.2)')
    await closeFor(sluice().database, 'refused', 1)
    await assert.rejects(other.turn(100, signal), (error: unknown) => {
      assert.ok(error instanceof AppError && error.code === 'provider_rate_limited')
      assert.ok((error.retryAfterMs ?? 0) > 25_000 && (error.retryAfterMs ?? 0) <= 30_000, String(error.retryAfterMs))
      return true
    })
    assert.equal(other.mostTokens(), 50_000)
    assert.deepEqual(errors, [])
  })

  test('I26: no more requests of a process are under way than fare well; the others wait, and leave when they are aborted', async () => {
    const { signal } = new AbortController()
    const limiter = createAccountLimiter({
      database: sluice().database,
      account: 'many',
      bound: 6,
      patienceMs: 1_000,
      onError: () => {},
    })
    const first = await Promise.all(Array.from({ length: 4 }, () => limiter.turn(1, signal)))
    const impatient = new AbortController()
    const left = limiter.turn(1, impatient.signal)
    let fifth = false
    const next = limiter.turn(1, signal).then(turn => {
      fifth = true
      return turn
    })
    impatient.abort(new Error('enough'))
    await assert.rejects(left, /enough/)
    assert.equal(fifth, false)
    for (const turn of first) turn.done('answered', null)
    ;(await next).done('answered', null)
    // Four answers of four at once: five may be under way now, after five more six, and never more than that.
    const again = await Promise.all(Array.from({ length: 5 }, () => limiter.turn(1, signal)))
    for (const turn of again) turn.done('troubled', null)
    const halved = await Promise.all(Array.from({ length: 2 }, () => limiter.turn(1, signal)))
    assert.equal(halved.length, 2)
  })
})
