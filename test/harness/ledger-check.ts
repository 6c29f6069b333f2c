import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Tables } from '../../src/contract/tables.ts'
import { findImbalances } from '../../src/ledger/balances.sql.ts'
import { budgetWindow } from '../../src/ledger/budget-window.ts'
import type { Database } from '../../src/platform/database.ts'
import { balanceOf, isOpen, type Model } from './ledger-model.ts'
import { type LedgerState, readLedgerState } from './ledger-state.sql.ts'

/** Compares all that the books say with the model, and the books with themselves. */
export async function checkLedger(
  database: Database<Tables>,
  model: Model,
  { unit, timeZone }: { unit: 'hour' | 'day'; timeZone: string },
): Promise<void> {
  const state = await readLedgerState(database)
  const { start, end } = budgetWindow(unit, timeZone, new Date())
  const unitMs = end.getTime() - start.getTime()
  checkWindows(state, model, text => model.window - (start.getTime() - Date.parse(text)) / unitMs)
  checkCalls(state, model)
  assert.deepEqual(await findImbalances(database), [], 'the entries do not add up to the balances')
}

/** After a reservation that was let in, no budget that the call has a line in has more held and spent than its cap. */
export async function checkAdmitted({ kysely }: Database<Tables>, callId: string): Promise<void> {
  const { rows } = await sql`
    SELECT b.tenant_id, b.budget_id, b.cap_nano_usd, w.held_nano_usd, w.spent_nano_usd FROM sluice.hold_lines l
    JOIN sluice.budget_windows w ON w.tenant_id = l.budget_tenant_id AND w.budget_id = l.budget_id AND w.window_start = l.window_start
    JOIN sluice.budgets b ON b.tenant_id = w.tenant_id AND b.budget_id = w.budget_id
    WHERE l.call_id = ${callId}::uuid AND l.amount_nano_usd > 0 AND w.held_nano_usd + w.spent_nano_usd > b.cap_nano_usd`.execute(
    kysely,
  )
  assert.deepEqual(rows, [], 'the call was let in above a cap')
}

/** Every window that is there has the model's balance. One without holds may be missing: it is opened by the first reservation. */
function checkWindows({ windows }: LedgerState, model: Model, numberOf: (start: string) => number): void {
  const found: Record<string, { held: bigint; spent: bigint }> = {}
  const expected: typeof found = {}
  for (const { tenant, budget, start, held, spent } of windows) {
    const isTotal = model.budgets.get(`${tenant}/${budget}`)?.settings.period === 'total'
    found[`${tenant}/${budget} ${isTotal ? 0 : numberOf(start)}`] = { held: BigInt(held), spent: BigInt(spent) }
  }
  for (const [key, { settings, since }] of model.budgets) {
    const numbers =
      settings.period === 'total' ? [0] : Array.from({ length: model.window - since + 1 }, (_, i) => since + i)
    for (const number of numbers) {
      const balance = balanceOf(model, settings, number)
      const name = `${key} ${number}`
      if (name in found || balance.held > 0n) expected[name] = balance
    }
  }
  assert.deepEqual(found, expected, 'the balances')
}

function checkCalls({ holds, calls, items }: LedgerState, model: Model): void {
  const byId = <Row extends { call: string }>(rows: readonly Row[]) =>
    rows.toSorted((a, b) => (a.call < b.call ? -1 : a.call > b.call ? 1 : 0))
  const sumOf = (parts: readonly { cost: bigint; shadow: bigint }[], what: 'cost' | 'shadow') =>
    String(parts.reduce((sum, part) => sum + part[what], 0n))
  const expectedHolds = model.calls.map(({ parts, state, owner }) => ({ call: parts.callId, state, owner }))
  assert.deepEqual(byId(holds), byId(expectedHolds), 'the holds')
  const withHold = new Set(model.calls.map(({ parts }) => parts.callId))
  const expectedSums = model.calls.map(call => ({
    call: call.parts.callId,
    held: sumOf(isOpen(call) ? call.held : [], 'cost'),
    heldShadow: sumOf(isOpen(call) ? call.held : [], 'shadow'),
    cost: sumOf(call.booked, 'cost'),
    shadow: sumOf(call.booked, 'shadow'),
  }))
  assert.deepEqual(byId(calls.filter(({ call }) => withHold.has(call))), byId(expectedSums), 'the entries by call')
  const expectedItems = model.calls.flatMap(call =>
    isOpen(call) && call.item !== null
      ? [{ tenant: call.parts.context.tenantId, key: call.item, call: call.parts.callId }]
      : [],
  )
  assert.deepEqual(byId(items), byId(expectedItems), 'what is being bought')
}
