import { randomUUIDv7 } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { BudgetSettings } from '../src/contract/budget.ts'
import type { Tables } from '../src/contract/tables.ts'
import { bookCalls } from '../src/ledger/book-calls.sql.ts'
import { type BookingParts, bookingOf } from '../src/ledger/booking.ts'
import { setBudget } from '../src/ledger/budgets.sql.ts'
import { createLedger } from '../src/ledger/ledger.ts'
import type { Database } from '../src/platform/database.ts'
import { migrate, readMigrations } from '../src/platform/migrate.sql.ts'
import { createPlace, type DatabaseKind } from './create-place.ts'
import { comparedWith, type Measurement } from './measurement.ts'

const connections = 8
const runMs = 3_000
const rounds = 3
const tenantId = 'bench'
const quote = { units: 1, costNanoUsd: 100_000n, shadowNanoUsd: 100_000n }
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))

/**
 * How many calls a second can be reserved and settled on one budget over eight connections, each step committed by itself, next to
 * two bare updates of the same row. Both by turns, the middle of three.
 */
export async function benchLedger(kind: DatabaseKind): Promise<Measurement[]> {
  const place = await createPlace(kind)
  const database = await place.open(connections)
  try {
    await migrate(database, 'sluice', readMigrations(migrations))
    await database.transaction(session => setBudget(session, hotBudget, 'api'))
    const pair = reserveAndSettle(database)
    await measure(pair, runMs / 4)
    const pairs: number[] = []
    const updates: number[] = []
    for (let i = 0; i < rounds; i++) {
      updates.push(await measure(() => updateTwice(database), runMs))
      pairs.push(await measure(pair, runMs))
    }
    const bound = { name: 'two bare updates of its row', value: middleOf(updates), unit: 'pairs/s' }
    const goal = kind === 'postgres' ? { bound: { atLeast: 1_000 } } : {}
    const figure = { name: 'reserve and settle on one budget', value: middleOf(pairs), unit: 'pairs/s', ...goal }
    const slower = { name: 'times slower than those', value: bound.value / figure.value, unit: '×' }
    return [comparedWith(figure, bound), bound, kind === 'postgres' ? { ...slower, bound: { atMost: 3 } } : slower]
  } finally {
    await database.close()
    await place.remove()
  }
}

const hotBudget: BudgetSettings = {
  tenantId,
  budgetId: 'hot',
  service: null,
  provider: null,
  apiKeyId: null,
  tag: null,
  money: 'real',
  capNanoUsd: '100000000000000000',
  period: 'day',
  timeZone: 'UTC',
  policy: 'defer',
  alertPercents: [50, 80, 95, 100],
}

function reserveAndSettle(database: Database<Tables>): () => Promise<void> {
  const ledger = createLedger({ database, owner: randomUUIDv7() })
  return async () => {
    const parts = newCall()
    const { kind } = await ledger.reserve(parts, quote, [`item/${parts.callId}`])
    if (kind !== 'held') throw new Error(`the reservation was ${kind}`)
    const booking = bookingOf(parts, quote, { quote })
    await database.session(session => bookCalls(session, [booking]))
  }
}

async function updateTwice({ kysely }: Database<Tables>): Promise<void> {
  const amount = quote.costNanoUsd
  await sql`UPDATE sluice.budget_windows SET held_nano_usd = held_nano_usd + ${amount} WHERE tenant_id = ${tenantId}`.execute(
    kysely,
  )
  await sql`UPDATE sluice.budget_windows SET held_nano_usd = held_nano_usd - ${amount}, spent_nano_usd = spent_nano_usd + ${amount}
    WHERE tenant_id = ${tenantId}`.execute(kysely)
}

function newCall(): BookingParts {
  const share = { documentId: randomUUIDv7(), jobId: randomUUIDv7(), apiKeyId: null, tags: [], weight: 1 }
  return {
    service: 'parse',
    context: { tenantId, purpose: 'ingest', quoteId: null, shares: [share] },
    provenance: { provider: 'bench', model: 'bench', mode: 'real', simulated: false, reasons: [] },
    callId: randomUUIDv7(),
    held: true,
    newId: randomUUIDv7,
  }
}

/** How often a second `work` is done by as many at once as there are connections. */
async function measure(work: () => Promise<void>, forMs: number): Promise<number> {
  const startedAt = performance.now()
  let done = 0
  const worker = async () => {
    while (performance.now() - startedAt < forMs) {
      await work()
      done++
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return done / ((performance.now() - startedAt) / 1_000)
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
