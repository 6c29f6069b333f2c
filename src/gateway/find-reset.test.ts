import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findReset } from './find-reset.ts'

const soon = new Date('2026-03-01T13:00:00Z')
const late = new Date('2026-04-01T00:00:00Z')
const budgets = [
  { tenantId: 'acme', budgetId: 'hour', endsAt: soon },
  { tenantId: '*', budgetId: 'month', endsAt: late },
  { tenantId: 'acme', budgetId: 'ever', endsAt: null },
  { tenantId: 'other', budgetId: 'hour', endsAt: late },
]
const reset = (message: string) => findReset(message, 'acme', budgets)

test('the last of those that are named decides', () => {
  const hour = 'budget hour of tenant acme allows $1.00 an hour'
  assert.deepEqual(reset(`It was not made: ${hour}.`), soon)
  assert.deepEqual(reset(`It was not made: ${hour}; shadow budget month allows $9.00 a month.`), late)
})

test('never, where one of them never does, waiting does not help, or none is named', () => {
  assert.equal(reset('budget hour of tenant acme allows $1.00; budget ever of tenant acme allows $2.00 in total'), null)
  assert.equal(reset('budget hour of tenant acme allows $1.00 an hour and this needs $2.00: it never fits'), null)
  assert.equal(reset('budget hours of tenant acme is spent'), null)
})
