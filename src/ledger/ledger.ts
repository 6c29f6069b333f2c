import { AppError } from '../contract/failure.ts'
import type { Booking, CallContext } from '../contract/metered-service.ts'
import type { ServiceName } from '../contract/provenance.ts'
import type { Quote } from '../contract/service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { insertAlert } from './alerts.sql.ts'
import { bookCalls } from './book-calls.sql.ts'
import type { BookingParts } from './booking.ts'
import { createBudgetCache } from './budget-cache.ts'
import { dispatchHold, markHoldUnknown, readDispatchedAt } from './change-hold.sql.ts'
import * as stopSql from './provider-stops.sql.ts'
import { readCallToEnd } from './read-calls.sql.ts'
import * as remoteSql from './remote-calls.sql.ts'
import { type Reservation, reserve } from './reserve.sql.ts'

/** The books, as one process uses them: every hold that it takes has the process as its owner. */
export interface Ledger {
  /** Whether such a call needs a hold: it costs money, or a shadow budget counts what it would have cost. */
  needsHold(tenantId: string, service: ServiceName, quote: Quote): Promise<boolean>
  /**
   * Takes the quote out of all budgets that cover the call, or says why not; committed when it resolves. With `expiresAt` it is held
   * for an ingest, by nobody, until then. `withinQuote`: only what the quote of the call's ingest has left.
   */
  reserve(
    parts: BookingParts,
    quote: Quote,
    items: readonly string[],
    how?: { expiresAt?: Date; withinQuote?: boolean },
  ): Promise<Exclude<Reservation, { kind: 'stale' }>>
  /** Marks that the call is about to be made. Throws `job_interrupted` when the hold has been taken away meanwhile. */
  dispatch(tenantId: string, callId: string): Promise<void>
  /** Keeps the hold until somebody finds out what the call has cost. */
  markUnknown(tenantId: string, callId: string, note: string): Promise<void>
  /** Ends a call that has no result to store. */
  endUnstored(booking: Booking, note: string): Promise<void>
  /** When a call was dispatched; null when it has ended, or never was. */
  dispatchedAt(tenantId: string, callId: string): Promise<Date | null>
  /** The call at which its provider is at work, and that buys one of the items or that one of the jobs waits for. */
  findRemote(tenantId: string, wanted: remoteSql.WantedCall): Promise<remoteSql.RemoteCall | null>
  /** By what a call's quote was split when it was held. */
  sharesOf(callId: string): Promise<CallContext['shares']>
  /** Notes the provider's id of a dispatched call. Gives its deadline; null when its hold has ended meanwhile. */
  noteSubmission: Bound<typeof remoteSql.noteSubmission>
  /** Looks again later. */
  awaitAgain: Bound<typeof remoteSql.awaitAgain>
  /** Raises an alert, once for each subject. */
  alert: Bound<typeof insertAlert>
  stopProvider: Bound<typeof stopSql.stopProvider>
  findStop: Bound<typeof stopSql.findStop>
}

type Bound<F> = F extends (session: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never

export interface LedgerOptions {
  database: Database<Tables>
  /** The id of this process among the workers. */
  owner: string
}

const maxRefreshes = 20

export function createLedger({ database, owner }: LedgerOptions): Ledger {
  const budgets = createBudgetCache(database)
  return {
    async needsHold(tenantId, service, { costNanoUsd, shadowNanoUsd }) {
      if (costNanoUsd > 0n) return true
      if (shadowNanoUsd === 0n) return false
      const all = await budgets.of(tenantId)
      return all.some(b => b.money === 'shadow' && (b.service === null || b.service === service))
    },
    async reserve(parts, quote, items, { expiresAt, withinQuote = false } = {}) {
      for (let i = 0; i < maxRefreshes; i++) {
        const windows = await budgets.windows(parts.context.tenantId)
        const reservation = await reserve(database, {
          parts,
          quote,
          items,
          withinQuote,
          ...ownedBy(owner, expiresAt),
          ...windows,
        })
        if (reservation.kind !== 'stale') return reservation
        budgets.forget()
      }
      throw new AppError('internal_error', `The budgets changed ${maxRefreshes} times while a call was reserved.`)
    },
    sharesOf: async callId => (await database.transaction(session => readCallToEnd(session, callId)))?.shares ?? [],
    async dispatch(tenantId, callId) {
      if (await dispatchHold(database, tenantId, callId, owner)) return
      throw new AppError(
        'job_interrupted',
        `The hold of call ${callId} was released before it was made: this process was thought to be dead.`,
      )
    },
    async markUnknown(tenantId, callId, note) {
      await markHoldUnknown(database, tenantId, callId, note)
    },
    async endUnstored(booking, note) {
      await database.transaction(session => bookCalls(session, [booking], note))
    },
    dispatchedAt: (tenantId, callId) => readDispatchedAt(database, tenantId, callId),
    findRemote: (tenantId, wanted) => remoteSql.findRemoteCall(database, tenantId, wanted),
    noteSubmission: (key, submission) => remoteSql.noteSubmission(database, key, submission),
    awaitAgain: (call, lookInMs) => remoteSql.awaitAgain(database, call, lookInMs),
    stopProvider: stop => stopSql.stopProvider(database, stop),
    findStop: provider => stopSql.findStop(database, provider),
    alert: (tenantId, kind, subject, details) => insertAlert(database, tenantId, kind, subject, details),
  }
}

function ownedBy(owner: string, expiresAt: Date | undefined) {
  return expiresAt === undefined ? { owner } : { owner: null, expiresAt }
}
