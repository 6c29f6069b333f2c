import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { BudgetSettings } from '../../src/contract/budget.ts'
import { AppError } from '../../src/contract/failure.ts'
import type { Tables } from '../../src/contract/tables.ts'
import { bookCalls, releaseHolds } from '../../src/ledger/book-calls.sql.ts'
import { bookingOf } from '../../src/ledger/booking.ts'
import { removeBudget } from '../../src/ledger/budgets.sql.ts'
import { sweepHolds } from '../../src/ledger/change-hold.sql.ts'
import { foldSpending } from '../../src/ledger/fold-spending.sql.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { sumCostsBy } from '../../src/ledger/sum-costs.sql.ts'
import type { Database } from '../../src/platform/database.ts'
import { callOf, quoteOf, shareOf } from './ledger-calls.ts'
import { checkAdmitted, checkLedger } from './ledger-check.ts'
import { changeBudget } from './ledger-database.ts'
import {
  bookedParts,
  type Expected,
  isOpen,
  isQuote,
  type ModelCall,
  newCall,
  reserveInModel,
  sweepInModel,
} from './ledger-model.ts'
import { passTime } from './ledger-state.sql.ts'
import { type History, processCount, type Step } from './ledger-steps.ts'
import {
  createWorld,
  keyOfSlot,
  processOf,
  settingsOf,
  startProcess,
  tenantOf,
  toShare,
  type World,
} from './ledger-world.ts'
import { scanCosts } from './scan-costs.sql.ts'

/**
 * Carries a history out in an empty database and in the model, and compares the two after every step. Several processes have
 * copies of the budgets of their own, as old as they are allowed to be.
 */
export async function runHistory(database: Database<Tables>, { unit, first, steps }: History): Promise<void> {
  const world = await createWorld(database, unit)
  for (const step of [...first, ...steps]) {
    await takeStep(world, step)
    await checkLedger(database, world.model, { unit, timeZone: world.timeZone })
  }
  await checkSums(database, world.timeZone)
}

/** The sums say what the entries add up to, before they are folded and after. */
async function checkSums(database: Database<Tables>, timeZone: string): Promise<void> {
  const year = 366 * 86_400_000
  const period = { from: new Date(Date.now() - year), to: new Date(Date.now() + year) }
  const scope = { ...period, tenantId: null, documentId: null, timeZone }
  const by = ['day', 'tenant', 'service', 'purpose', 'provider', 'model'] as const
  for (let i = 0; i < 2; i++) {
    const { rows } = await sumCostsBy(database, scope, by, { limit: 10_000 })
    assert.deepEqual(
      rows.map(({ fileName: _, ...row }) => row),
      await scanCosts(database, scope, by),
    )
    await foldSpending(database)
  }
}

async function takeStep(world: World, step: Step): Promise<void> {
  const { database, model, hours } = world
  if (step.kind === 'reserve') return await takeReserve(world, step)
  if (step.kind === 'quote') return await takeQuote(world, step)
  if (step.kind === 'setBudget') return await takeBudget(world, settingsOf(world, step.slot, step))
  if (step.kind === 'changeCap') return await takeCap(world, step)
  if (step.kind === 'removeBudget') return await takeRemoval(world, step.slot)
  if (step.kind === 'bookFree') return await takeFree(world, step)
  if (step.kind === 'crash') return await takeCrash(world, step.process)
  if (step.kind === 'sweep') return await takeSweep(world)
  if (step.kind === 'windowEnds') {
    await passTime(database, hours)
    model.window++
    return
  }
  const call = model.calls[step.call % model.calls.length]
  if (!call) return
  if (step.kind === 'dispatch') return await takeDispatch(world, call, step.process)
  if (step.kind === 'settle') return await takeSettlement(world, call, step)
  const { tenantId } = call.parts.context
  const { callId } = call.parts
  if (step.kind === 'void') {
    await database.transaction(session => releaseHolds(session, [{ tenantId, callId, ending: 'void' }], 'test'))
    if (call.state === 'held') Object.assign(call, { state: 'void', owner: null })
    return
  }
  await processOf(world, 0).ledger.markUnknown(tenantId, callId, 'test')
  if (call.state === 'dispatched') Object.assign(call, { state: 'unknown', owner: null })
}

async function takeReserve(world: World, step: Step & { kind: 'reserve' }): Promise<void> {
  const { owner, ledger } = processOf(world, step.process)
  const tenantId = tenantOf(step.tenant)
  const quoteId = step.ofQuote ? (world.quoteIds[step.tenant] ?? null) : null
  const shares = step.shares.map(share => toShare(world, share))
  const parts = callOf(tenantId, { service: step.service, quoteId, shares })
  const quote = quoteOf(step.cost, step.shadow)
  const item = step.item === null ? null : `item ${step.item}`
  const call = newCall(world.model, parts, quote, { owner, item, expiresAfter: null })
  const expected = reserveInModel(world.model, call)
  const found = await ledger.reserve(parts, quote, item === null ? [] : [item])
  checkReservation(found, expected)
  if (found.kind !== 'held') return
  await checkAdmitted(world.database, parts.callId)
  assert.deepEqual(await ledger.reserve(parts, quote, []), { kind: 'held' }, 'the same again changes nothing')
}

async function takeQuote(world: World, step: Step & { kind: 'quote' }): Promise<void> {
  const tenantId = tenantOf(step.tenant)
  const quoteId = world.quoteIds[step.tenant] ?? null
  const open = world.model.calls.some(
    c => isQuote(c) && isOpen(c) && c.parts.context.quoteId === quoteId && c.parts.service === step.service,
  )
  if (open) return
  const parts = callOf(tenantId, { service: step.service, quoteId, shares: [toShare(world, step.share)] })
  const quote = quoteOf(step.cost, step.shadow)
  const expiresAfter = world.model.window + step.lifetime - 1
  const call = newCall(world.model, parts, quote, { owner: null, item: null, expiresAfter })
  const expected = reserveInModel(world.model, call)
  const expiresAt = new Date(Date.now() + (step.lifetime - 0.5) * world.hours * 3_600_000)
  checkReservation(await processOf(world, 0).ledger.reserve(parts, quote, [], { expiresAt }), expected)
}

function checkReservation(found: Awaited<ReturnType<Ledger['reserve']>>, expected: Expected): void {
  if (found.kind === 'exhausted') {
    const missing = found.budgets.map(b => [`${b.tenantId}/${b.budgetId}`, b.missingNanoUsd])
    assert.deepEqual({ kind: 'exhausted', missing: Object.fromEntries(missing) }, expected)
  } else if (found.kind === 'busy') {
    const [{ callId, inDoubt } = { callId: '', inDoubt: false }] = found.items
    assert.deepEqual({ kind: 'busy', callId, inDoubt }, expected)
  } else assert.deepEqual(found, expected)
}

async function takeBudget({ database, model }: World, settings: BudgetSettings): Promise<void> {
  await changeBudget(database, settings)
  const key = `${settings.tenantId}/${settings.budgetId}`
  const before = model.budgets.get(key)
  const meaning = ({ capNanoUsd: _, ...rest }: BudgetSettings) => JSON.stringify(rest)
  const isSame = before !== undefined && meaning(before.settings) === meaning(settings)
  model.budgets.set(key, { settings, since: isSame ? before.since : model.window })
}

async function takeCap(world: World, { slot, cap }: { slot: number; cap: bigint }): Promise<void> {
  const before = world.model.budgets.get(keyOfSlot(slot))
  if (before) await takeBudget(world, { ...before.settings, capNanoUsd: String(cap) })
}

async function takeRemoval({ database, model }: World, slot: number): Promise<void> {
  const [tenantId = '', budgetId = ''] = keyOfSlot(slot).split('/')
  const removed = await database.transaction(session => removeBudget(session, { tenantId, budgetId }))
  assert.equal(removed, model.budgets.delete(keyOfSlot(slot)))
}

async function takeFree({ database, model, key }: World, step: Step & { kind: 'bookFree' }): Promise<void> {
  const tenantId = tenantOf(step.tenant)
  const share = shareOf({ tags: step.share.tags, apiKeyId: step.share.hasKey ? key : null })
  const parts = callOf(tenantId, { service: step.service, shares: [share], held: false })
  const kind = step.avoided ? 'avoided' : 'settlement'
  const booking = bookingOf(parts, quoteOf(0n, step.shadow), { kind })
  await database.transaction(session => bookCalls(session, [booking]))
  const booked = bookedParts(booking.entries)
  model.free.push({ tenantId, service: step.service, window: model.window, booked })
}

async function takeCrash(world: World, number: number): Promise<void> {
  const { owner } = processOf(world, number)
  await sql`DELETE FROM sluice.workers WHERE worker_id = ${owner}::uuid`.execute(world.database.kysely)
  world.model.living.delete(owner)
  world.processes[number % processCount] = await startProcess(world)
}

async function takeSweep({ database, model, hours }: World): Promise<void> {
  const freed = await database.transaction(async session => {
    const lost = await sweepHolds(session)
    await releaseHolds(session, lost, 'nobody has it any more')
    return lost.map(hold => hold.callId)
  })
  assert.deepEqual(freed.toSorted(), sweepInModel(model, hours).toSorted())
}

async function takeDispatch(world: World, call: ModelCall, number: number | null): Promise<void> {
  const own = world.processes.find(({ owner }) => owner === call.owner)
  const { ledger, owner } = number === null && own ? own : processOf(world, number ?? 0)
  const dispatched = ledger.dispatch(call.parts.context.tenantId, call.parts.callId)
  if (call.state === 'held' && call.owner === owner) {
    await dispatched
    Object.assign(call, { state: 'dispatched', dispatchedIn: world.model.window })
  } else await assert.rejects(dispatched, error => error instanceof AppError && error.code === 'job_interrupted')
}

async function takeSettlement({ database }: World, call: ModelCall, step: Step & { kind: 'settle' }): Promise<void> {
  if (isQuote(call)) return
  const { quote, parts } = call
  const usage = quoteOf(
    atLeast0(quote.costNanoUsd + step.difference.cost),
    atLeast0(quote.shadowNanoUsd + step.difference.shadow),
  )
  const booking = bookingOf(parts, usage, { quote })
  // Two jobs may have found the same lost call, and bring its end together.
  const bookings = step.twice ? [booking, bookingOf(parts, usage, { quote })] : [booking]
  await database.transaction(session => bookCalls(session, bookings))
  if (isOpen(call)) Object.assign(call, { state: 'settled', owner: null, booked: bookedParts(booking.entries) })
}

function atLeast0(amount: bigint): bigint {
  return amount > 0n ? amount : 0n
}
