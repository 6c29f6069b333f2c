import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { Tables } from '../src/contract/tables.ts'
import { findImbalances } from '../src/ledger/balances.sql.ts'
import { bookCalls } from '../src/ledger/book-calls.sql.ts'
import { bookingOf } from '../src/ledger/booking.ts'
import { removeBudget } from '../src/ledger/budgets.sql.ts'
import { createLedger } from '../src/ledger/ledger.ts'
import type { Database } from '../src/platform/database.ts'
import { onBothDatabases, type Place } from './harness/databases.ts'
import { callOf, quoteOf } from './harness/ledger-calls.ts'
import { budgetOf, changeBudget, openLedgerDatabase, refuseOvershoot } from './harness/ledger-database.ts'
import type { RaceAnswer, RaceOrder } from './harness/ledger-racer.ts'

const rounds = process.env.TORTURE === '1' ? 100 : 3
const processes = 8
const reservations = 1_000
const amount = 100_000_000n
const cap = 5_000_000_000n
const fitting = Number(cap / amount)
const racer = fileURLToPath(new URL('./harness/ledger-racer.ts', import.meta.url))

onBothDatabases('a race for one budget', (createPlace, kind) => {
  let place: Place
  let database: Database<Tables>
  before(async () => {
    place = await createPlace()
    database = await openLedgerDatabase(place)
    await refuseOvershoot(database)
  })
  after(async () => {
    await database.close()
    await place.remove()
  })
  const balanceOf = async (tenantId: string) => {
    const { rows } = await sql<{ heldNanoUsd: bigint; spentNanoUsd: bigint }>`
      SELECT held_nano_usd, spent_nano_usd FROM sluice.budget_windows WHERE tenant_id = ${tenantId}`.execute(
      database.kysely,
    )
    return rows
  }
  /** Runs `work` on a new tenant with a budget of five dollars, which is gone afterwards. */
  async function withBudget(work: (tenantId: string) => Promise<void>): Promise<void> {
    const tenantId = `race-${randomUUID()}`
    await changeBudget(database, budgetOf(tenantId, 'five-dollars', { capNanoUsd: String(cap), period: 'day' }))
    await work(tenantId)
    assert.deepEqual(await findImbalances(database), [])
    await database.transaction(session => removeBudget(session, { tenantId, budgetId: 'five-dollars' }))
  }

  test(`P1: of ${reservations} reservations of $0.10 by eight callers at once, exactly ${fitting} fit into $5`, async () => {
    const ledgers = Array.from({ length: processes }, () => createLedger({ database, owner: randomUUID() }))
    await withBudget(async tenantId => {
      const all = await Promise.all(
        Array.from({ length: reservations }, async (_, i) => {
          const parts = callOf(tenantId)
          const reservation = await ledgers[i % processes]?.reserve(parts, quoteOf(amount), [])
          return { parts, kind: reservation?.kind }
        }),
      )
      assert.equal(all.filter(({ kind }) => kind === 'exhausted').length, reservations - fitting)
      assert.deepEqual(await balanceOf(tenantId), [{ heldNanoUsd: cap, spentNanoUsd: 0n }])
      const held = all.filter(one => one.kind === 'held')
      const bookings = held.map(({ parts }) => bookingOf(parts, quoteOf(amount), { quote: quoteOf(amount) }))
      await database.transaction(session => bookCalls(session, bookings))
      assert.deepEqual(await balanceOf(tenantId), [{ heldNanoUsd: 0n, spentNanoUsd: cap }])
    })
  })

  const skip = kind === 'embedded' ? 'the embedded database has one process' : false
  test(`P1 P8: eight processes together get exactly ${fitting} of ${reservations} holds, ${rounds} times`, {
    skip,
  }, async () => {
    const racers = await Promise.all(Array.from({ length: processes }, () => startRacer(place)))
    for (let round = 0; round < rounds; round++) {
      await withBudget(async tenantId => {
        const share = reservations / processes
        const race = { kind: 'reserve', tenantId, reservations: share, amount: String(amount) } as const
        const first = await Promise.all(racers.map(each => each.ask(race)))
        assert.equal(sumOf(first, 'held'), fitting)
        assert.equal(sumOf(first, 'exhausted'), reservations - fitting)
        assert.deepEqual(await balanceOf(tenantId), [{ heldNanoUsd: cap, spentNanoUsd: 0n }])
        // At half of what they held: there is room for as much again, and for no more.
        const settle = { kind: 'settle', amount: String(amount / 2n) } as const
        await Promise.all(racers.map(each => each.ask(settle)))
        assert.deepEqual(await balanceOf(tenantId), [{ heldNanoUsd: 0n, spentNanoUsd: cap / 2n }])
        const second = await Promise.all(racers.map(each => each.ask({ ...race, reservations: fitting })))
        assert.equal(sumOf(second, 'held'), fitting / 2)
        await Promise.all(racers.map(each => each.ask({ kind: 'settle', amount: String(amount) })))
        assert.deepEqual(await balanceOf(tenantId), [{ heldNanoUsd: 0n, spentNanoUsd: cap }])
      })
    }
    await Promise.all(racers.map(each => each.stop()))
  })
})

interface Racer {
  ask(order: RaceOrder): Promise<RaceAnswer>
  stop(): Promise<void>
}

async function startRacer(place: Place): Promise<Racer> {
  const child = fork(racer, [], { env: { PATH: process.env.PATH, ...place.environment } })
  await nextMessage(child)
  return {
    async ask(order) {
      const answer = nextMessage(child)
      child.send(order)
      return (await answer) as RaceAnswer
    },
    async stop() {
      const exited = once(child, 'exit')
      child.disconnect()
      assert.deepEqual(await exited, [0, null])
    },
  }
}

/** What the child says next; it must not end before. */
async function nextMessage(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController()
  const { signal } = settled
  const ended = once(child, 'exit', { signal }).then(() =>
    assert.fail('a racing process ended; its error stands above'),
  )
  ended.catch(() => {})
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended])
    return message
  } finally {
    settled.abort()
  }
}

function sumOf(answers: readonly RaceAnswer[], what: 'held' | 'exhausted'): number {
  return answers.reduce((sum, answer) => sum + (answer.kind === 'reserved' ? answer[what] : 0), 0)
}
