import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BudgetView } from '../../contract/budget.ts'
import { budgetView, testId } from '../__fixtures__/views.ts'
import { type BudgetFlags, readWish } from './read-wish.ts'

function read(text: string, flags: BudgetFlags = {}, tenant?: string, present: BudgetView[] = []) {
  return readWish(text.split(' ').filter(Boolean), flags, tenant, present)
}

test('words and flags say the same', () => {
  const words = `$5/day service=parse tag=x key=${testId('a', 1)} provider=p tenant=acme zone=Europe/Berlin policy=reject alerts=50,80 money=shadow id=mine`
  const flags = { cap: '5', per: 'day', service: 'parse', tag: 'x', key: testId('a', 1), provider: 'p', id: 'mine' }
  const more = { timeZone: 'Europe/Berlin', policy: 'reject', alerts: '50,80', shadow: true }
  const expected = {
    budgetId: 'mine',
    tenantId: 'acme',
    service: 'parse',
    provider: 'p',
    apiKeyId: testId('a', 1),
    tag: 'x',
    capNanoUsd: '5000000000',
    period: 'day',
    timeZone: 'Europe/Berlin',
    policy: 'reject',
    money: 'shadow',
    alertPercents: [50, 80],
  }
  assert.deepEqual(read(words), expected)
  assert.deepEqual(read('', { ...flags, ...more }, 'acme'), expected)
})

test('flags win over words, and a budget is named after what it covers then', () => {
  const budget = read('$5/day service=parse money=shadow', {
    cap: '$0.50',
    per: 'month',
    service: 'embed',
    shadow: false,
  })
  assert.deepEqual(
    [budget.capNanoUsd, budget.period, budget.service, budget.money, budget.tenantId, budget.budgetId],
    ['500000000', 'month', 'embed', 'real', '*', 'embed-month'],
  )
})

test('a budget that is named is changed, and keeps the rest', () => {
  const old = budgetView({ tag: 'x', policy: 'reject', money: 'shadow', capNanoUsd: '3750001', alertPercents: [] })
  const {
    origin,
    windowStart,
    windowEnd,
    heldNanoUsd,
    spentNanoUsd,
    leftNanoUsd,
    waitingJobs,
    waitingNanoUsd,
    ...kept
  } = old
  assert.deepEqual(read('parse-day', {}, undefined, [old]), kept)
  assert.deepEqual(read('parse-day', { cap: '10' }, undefined, [old]), { ...kept, capNanoUsd: '10000000000' })
  assert.deepEqual(read('parse-day $10/hour alerts=90', {}, undefined, [old]), {
    ...kept,
    capNanoUsd: '10000000000',
    period: 'hour',
    alertPercents: [90],
  })
})

test('of several budgets with one id the tenant says which; it is never moved to another', () => {
  const both = [budgetView(), budgetView({ tenantId: '*' })]
  assert.throws(() => read('parse-day', { cap: '1' }, undefined, both), {
    code: 'validation_failed',
    message: /for each of acme, '\*'/,
  })
  assert.equal(read('parse-day', { cap: '1' }, '*', both).tenantId, '*')
  assert.equal(read('parse-day tenant=acme', { cap: '1' }, undefined, both).tenantId, 'acme')
  assert.throws(() => read('parse-day', { cap: '1' }, 'other', both), { code: 'budget_not_found' })
  assert.throws(() => read('typo', { cap: '1' }, undefined, both), { code: 'budget_not_found' })
})

test('what is no budget is refused with what is wrong', () => {
  const refused = (message: RegExp, text: string, flags?: BudgetFlags) =>
    assert.throws(() => read(text, flags, undefined, [budgetView()]), { code: 'validation_failed', message }, text)
  refused(/no cap/, '')
  refused(/no cap/, 'service=parse')
  refused(/without a period/, '', { cap: '10', id: 'parse-day' })
  refused(/more than one budget/, '$5/day $6/day')
  refused(/more than one budget/, 'parse-day other')
  refused(/given twice/, 'parse-day', { id: 'x', cap: '1' })
  refused(/colour=red/, '$5/day colour=red')
  refused(/must be an amount with a period/, '$5/year')
  refused(/must be an amount/, '', { cap: 'much', per: 'day' })
  refused(/timeZone/, '$5/day', { timeZone: 'Berlin' })
})
