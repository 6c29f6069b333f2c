import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type BudgetPolicy, budgetPeriods, budgetPolicies } from '../contract/budget-terms.ts'
import { replayNaively } from './__fixtures__/replay-naively.ts'
import { budgetWindow } from './budget-window.ts'
import { amountIn, type ReplayBudget, type ReplayCall } from './replay-balance.ts'
import { type ReplayResult, replayCalls } from './replay-calls.ts'

const budgetOf = (settings: Partial<ReplayBudget> = {}): ReplayBudget => ({
  tenantId: '*',
  budgetId: 'b',
  service: null,
  provider: null,
  apiKeyId: null,
  tag: null,
  money: 'real',
  capNanoUsd: 10n,
  period: 'day',
  timeZone: 'UTC',
  policy: 'defer',
  ...settings,
})
const callAt = (at: string, cost: number, more: Partial<ReplayCall> = {}): ReplayCall => ({
  at: new Date(at),
  tenantId: 'acme',
  service: 'embed',
  provider: 'openai',
  shares: [{ apiKeyId: null, tags: [], costNanoUsd: BigInt(cost), shadowNanoUsd: BigInt(2 * cost) }],
  ...more,
})
const replay = (calls: readonly ReplayCall[], budgets: readonly ReplayBudget[], end = '2027-01-01T00:00:00Z') =>
  replayCalls(calls, budgets, { end: new Date(end), timeZone: 'UTC' })
const hours = (count: number) => count * 3_600_000

test('what does not fit waits for the next window, and goes before what comes then; what fits still runs', () => {
  const calls = [
    callAt('2026-11-01T10:00:00Z', 6),
    callAt('2026-11-01T11:00:00Z', 8),
    callAt('2026-11-01T12:00:00Z', 4),
    callAt('2026-11-01T13:00:00Z', 7),
    callAt('2026-11-02T00:00:00Z', 5),
    callAt('2026-11-02T01:00:00Z', 2),
  ]
  const { totals, balances, days } = replay(calls, [budgetOf()], '2026-11-04T00:00:00Z')
  assert.deepEqual(days, [
    { day: '2026-11-01', costNanoUsd: 10n, shadowNanoUsd: 20n, deferredCalls: 2 },
    { day: '2026-11-02', costNanoUsd: 10n, shadowNanoUsd: 20n, deferredCalls: 1 },
    { day: '2026-11-03', costNanoUsd: 7n, shadowNanoUsd: 14n, deferredCalls: 0 },
  ])
  assert.deepEqual([totals.calls, totals.admittedCalls, totals.waitingCalls, totals.deferredCalls], [6, 5, 1, 3])
  const [balance] = balances
  assert.deepEqual(balance?.waitsMs, [hours(13), hours(35), hours(48)], 'the last one until the end of the replay')
  assert.deepEqual(
    [balance?.windowsExhausted, balance?.firstExhaustedAt?.toISOString()],
    [3, '2026-11-01T11:00:00.000Z'],
  )
})

test('the strictest policy of the budgets without room decides; reject and fallback are counted apart', () => {
  const outcomeOf = (...policies: BudgetPolicy[]) => {
    const budgets = policies.map(policy => budgetOf({ policy, capNanoUsd: 0n }))
    const { rejectedCalls, waitingCalls, fallbackCalls } = replay([callAt('2026-11-01T10:00:00Z', 1)], budgets).totals
    return { rejectedCalls, waitingCalls, fallbackCalls }
  }
  const nothing = { rejectedCalls: 0, waitingCalls: 0, fallbackCalls: 0 }
  assert.deepEqual(outcomeOf('fallback'), { ...nothing, fallbackCalls: 1 })
  assert.deepEqual(outcomeOf('fallback', 'defer'), { ...nothing, waitingCalls: 1 })
  assert.deepEqual(outcomeOf('fallback', 'defer', 'reject'), { ...nothing, rejectedCalls: 1 })
})

test('a shared call counts with the shares that are covered, in the money of the budget', () => {
  const share = (apiKeyId: string | null, tags: string[], cost: bigint) => ({
    apiKeyId,
    tags,
    costNanoUsd: cost,
    shadowNanoUsd: 10n * cost,
  })
  const shares = [share('k', ['x', 'y'], 1n), share(null, ['x'], 2n), share('k', [], 4n)]
  const call = callAt('2026-11-01T10:00:00Z', 0, { shares })
  const used = (settings: Partial<ReplayBudget>) => amountIn(budgetOf(settings), call)
  assert.deepEqual(
    [{}, { tag: 'x' }, { apiKeyId: 'k' }, { apiKeyId: 'k', tag: 'x' }, { tag: 'x', money: 'shadow' as const }].map(
      used,
    ),
    [7n, 3n, 5n, 1n, 30n],
  )
  for (const other of [{ tenantId: 'other' }, { service: 'parse' as const }, { provider: 'local' }, { tag: 'z' }])
    assert.equal(used(other), 0n)
})

test('P7: a day has 23 or 25 hours where the clocks change, and who waits goes on when it ends', () => {
  const waitOver = (at: string) => {
    const calls = [callAt(at, 10), callAt(at, 10)]
    return replay(calls, [budgetOf({ timeZone: 'Europe/Berlin' })]).balances[0]?.waitsMs
  }
  assert.deepEqual(waitOver('2026-03-28T23:00:00Z'), [hours(23)])
  assert.deepEqual(waitOver('2026-10-24T22:00:00Z'), [hours(25)])
})

test('a call that waits is rejected when it is tried again and a strict budget has no room', () => {
  const budgets = [budgetOf(), budgetOf({ budgetId: 'strict', period: 'total', policy: 'reject', capNanoUsd: 15n })]
  const calls = [
    callAt('2026-11-01T10:00:00Z', 9),
    callAt('2026-11-01T11:00:00Z', 6),
    callAt('2026-11-01T12:00:00Z', 6),
  ]
  const { totals } = replay(calls, budgets)
  assert.deepEqual([totals.admittedCalls, totals.deferredCalls, totals.rejectedCalls], [2, 2, 1])
})

// Times near changes of clocks, ends of days and months; few amounts, so that windows fill up exactly too.
const start = Date.parse('2026-10-24T20:00:00Z')
const zones = ['UTC', 'Europe/Berlin', 'America/Havana', 'Asia/Kathmandu', 'Australia/Lord_Howe']
const share = fc.record({
  apiKeyId: fc.constantFrom(null, 'k1', 'k2'),
  tags: fc.subarray(['x', 'y']),
  costNanoUsd: fc.bigInt(0n, 6n),
  shadowNanoUsd: fc.bigInt(0n, 6n),
})
const someCalls = fc
  .array(
    fc.record({
      minutes: fc.oneof(fc.nat(10), fc.nat(300)),
      tenantId: fc.constantFrom('a', 'b'),
      service: fc.constantFrom('parse', 'embed'),
      provider: fc.constantFrom('openai', 'llamaparse'),
      shares: fc.array(share, { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 60 },
  )
  .map(calls => {
    let atMs = start
    return calls.map(({ minutes, ...call }) => {
      atMs += minutes * 60_000
      return { ...call, at: new Date(atMs) }
    })
  })
const someBudget: fc.Arbitrary<ReplayBudget> = fc.record({
  tenantId: fc.constantFrom('*', '*', 'a', 'b'),
  budgetId: fc.constant('b'),
  service: fc.constantFrom(null, null, 'parse' as const, 'embed' as const),
  provider: fc.constantFrom(null, null, 'openai'),
  apiKeyId: fc.constantFrom(null, null, 'k1'),
  tag: fc.constantFrom(null, null, 'x'),
  money: fc.constantFrom('real' as const, 'shadow' as const),
  capNanoUsd: fc.bigInt(0n, 30n),
  period: fc.constantFrom(...budgetPeriods),
  timeZone: fc.constantFrom(...zones),
  policy: fc.constantFrom(...budgetPolicies),
})
const someBudgets = fc.array(someBudget, { maxLength: 4 })
const end = new Date(start + 12 * 86_400_000)
const run = (calls: readonly ReplayCall[], budgets: readonly ReplayBudget[]) =>
  replayCalls(calls, budgets, { end, timeZone: 'Europe/Berlin' })

function countsOf({ totals, balances, days }: ReplayResult) {
  return {
    totals,
    days,
    balances: balances.map(({ window: _, isExhausted: __, usedNanoUsd: ___, waitsMs, ...balance }) => ({
      ...balance,
      waitsMs: waitsMs.toSorted((a, b) => a - b),
    })),
  }
}

test('it is what a slow and plain replay finds', () => {
  fc.assert(
    fc.property(someCalls, someBudgets, (calls, budgets) => {
      const naive = replayNaively(calls, budgets, { end, timeZone: 'Europe/Berlin' })
      assert.deepEqual(countsOf(run(calls, budgets)), naive.counts)
    }),
    { numRuns: 300 },
  )
})

test('never above a cap in any window, by the admissions themselves; and no call is lost or counted twice', () => {
  fc.assert(
    fc.property(someCalls, someBudgets, (calls, budgets) => {
      const { totals, balances } = run(calls, budgets)
      for (const { mostUsedNanoUsd, budget } of balances) assert.ok(mostUsedNanoUsd <= budget.capNanoUsd)
      const { admittedCalls, waitingCalls, rejectedCalls, fallbackCalls } = totals
      assert.equal(admittedCalls + waitingCalls + rejectedCalls + fallbackCalls, calls.length)
      const { admissions } = replayNaively(calls, budgets, { end, timeZone: 'Europe/Berlin' })
      assert.equal(admissions.length, admittedCalls)
      for (const budget of budgets) {
        const used = new Map<number, bigint>()
        for (const { call, at } of admissions) {
          const window = budgetWindow(budget.period, budget.timeZone, at).start.getTime()
          used.set(window, (used.get(window) ?? 0n) + amountIn(budget, call))
        }
        for (const amount of used.values()) assert.ok(amount <= budget.capNanoUsd)
      }
    }),
  )
})

test('a cap above everything admits all at once', () => {
  fc.assert(
    fc.property(someCalls, someBudgets, (calls, budgets) => {
      const endless = budgets.map(budget => ({ ...budget, capNanoUsd: 10n ** 17n }))
      const { totals, balances } = run(calls, endless)
      assert.deepEqual([totals.admittedCalls, totals.deferredCalls], [calls.length, 0])
      assert.ok(balances.every(({ windowsExhausted, firstExhaustedAt }) => windowsExhausted === 0 && !firstExhaustedAt))
    }),
  )
})

test('a higher cap never admits fewer of calls that are alike', () => {
  fc.assert(
    fc.property(someCalls, someBudget, fc.bigInt(0n, 20n), fc.bigInt(1n, 6n), (calls, budget, more, cost) => {
      const alike = calls.map(call => ({
        ...call,
        shares: [{ apiKeyId: 'k1', tags: ['x'], costNanoUsd: cost, shadowNanoUsd: cost }],
      }))
      const admitted = (capNanoUsd: bigint) => run(alike, [{ ...budget, capNanoUsd }]).totals.admittedCalls
      assert.ok(admitted(budget.capNanoUsd) <= admitted(budget.capNanoUsd + more))
    }),
  )
})

test('many that wait: the line grows, shrinks and keeps its order', () => {
  const calls = Array.from({ length: 200 }, (_, i) =>
    callAt(new Date(start + i * 600_000).toISOString(), 1 + (i % 3), { tenantId: i % 5 === 0 ? 'b' : 'a' }),
  )
  const budgets = [budgetOf({ period: 'hour', capNanoUsd: 9n }), budgetOf({ tenantId: 'b', capNanoUsd: 40n })]
  const naive = replayNaively(calls, budgets, { end, timeZone: 'Europe/Berlin' })
  assert.deepEqual(countsOf(run(calls, budgets)), naive.counts)
  assert.ok(naive.counts.totals.deferredCalls > 50)
})
