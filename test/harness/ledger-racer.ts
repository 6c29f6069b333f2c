/**
 * One of several processes that spend from the same budget: at each message it makes so many reservations at once, all of the
 * same amount, settles at the end those that it got, and answers with what has become of them.
 */
import { randomUUID } from 'node:crypto'
import type { Tables } from '../../src/contract/tables.ts'
import { bookCalls } from '../../src/ledger/book-calls.sql.ts'
import { type BookingParts, bookingOf } from '../../src/ledger/booking.ts'
import { createLedger } from '../../src/ledger/ledger.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { callOf, quoteOf } from './ledger-calls.ts'

/** What one process is told; amounts are nano-dollars as text. */
export type RaceOrder =
  | { kind: 'reserve'; tenantId: string; reservations: number; amount: string }
  | { kind: 'settle'; amount: string }
export type RaceAnswer = { kind: 'reserved'; held: number; exhausted: number; other: number } | { kind: 'settled' }

const database = await openDatabase<Tables>({
  kind: 'postgres',
  url: process.env.DATABASE_URL ?? '',
  maxConnections: 4,
})
const ledger = createLedger({ database, owner: randomUUID() })
let mine: { parts: BookingParts; amount: bigint }[] = []

process.on('message', (order: RaceOrder) => {
  void carryOut(order).then(answer => process.send?.(answer))
})
process.on('disconnect', () => void database.close())
process.send?.({ kind: 'ready' })

async function carryOut(order: RaceOrder): Promise<RaceAnswer> {
  if (order.kind === 'reserve') return await reserveAll(order.tenantId, order.reservations, BigInt(order.amount))
  const settled = mine
  mine = []
  await Promise.all(
    settled.map(async ({ parts, amount }) => {
      await ledger.dispatch(parts.context.tenantId, parts.callId)
      const booking = bookingOf(parts, quoteOf(BigInt(order.amount)), { quote: quoteOf(amount) })
      await database.transaction(session => bookCalls(session, [booking]))
    }),
  )
  return { kind: 'settled' }
}

async function reserveAll(tenantId: string, reservations: number, amount: bigint): Promise<RaceAnswer> {
  const kinds = await Promise.all(
    Array.from({ length: reservations }, async () => {
      const parts = callOf(tenantId)
      const { kind } = await ledger.reserve(parts, quoteOf(amount), [])
      if (kind === 'held') mine.push({ parts, amount })
      return kind
    }),
  )
  const count = (kind: string) => kinds.filter(k => k === kind).length
  const [held, exhausted] = [count('held'), count('exhausted')]
  return { kind: 'reserved', held, exhausted, other: reservations - held - exhausted }
}
