import type { Tables } from '../contract/tables.ts'
import type { UsageReader } from '../contract/usage-report.ts'
import { findImbalances } from '../ledger/balances.sql.ts'
import { reconcile } from '../ledger/reconcile.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import { type DoubtOptions, lookIntoDoubts } from './look-into-doubts.ts'

export interface Bookkeeping {
  database: Database<Tables>
  readers: readonly UsageReader[]
  /** What it takes to ask OpenAI about calls in doubt; null without a key for its reports. */
  doubts: Omit<DoubtOptions, 'now'> | null
  newId(): string
  onError(error: unknown): void
}

const hourMs = 3_600_000
const lookIntoDoubtsEveryMs = 5 * 60_000
const reconcileEveryMs = 6 * hourMs
const reconcileWithinMs = 10 * 60_000

/**
 * Every hour derives the balances of the budgets from the entries; every six hours compares the books with the providers', every five
 * minutes asks about calls in doubt.
 */
export function keepBooks({ database, readers, doubts, newId, onError }: Bookkeeping): { stop(): Promise<void> } {
  const chores = [repeat(() => checkBalances(database), hourMs, onError)]
  if (doubts !== null) {
    const look = () => lookIntoDoubts({ ...doubts, now: new Date() }, AbortSignal.timeout(reconcileWithinMs))
    chores.push(repeat(look, lookIntoDoubtsEveryMs, onError))
  }
  if (readers.length > 0) {
    const compare = async () => {
      const signal = AbortSignal.timeout(reconcileWithinMs)
      await reconcile({ database, readers, newId, now: new Date() }, { book: true }, signal)
    }
    chores.push(repeat(compare, reconcileEveryMs, onError))
  }
  return {
    async stop() {
      await Promise.all(chores.map(chore => chore.stop()))
    },
  }
}

/** Throws, for the log, when a balance is not what the entries add up to: a bug that somebody has to look at. */
export async function checkBalances(database: Database<Tables>): Promise<void> {
  const [first, ...others] = await database.snapshot(session => findImbalances(session))
  if (!first) return
  const { tenantId, budgetId, windowStart, heldNanoUsd, entriesHeldNanoUsd, spentNanoUsd, entriesSpentNanoUsd } = first
  throw new Error(
    `The balance of budget ${budgetId} of tenant ${tenantId} in the window of ${windowStart.toISOString()} is ${heldNanoUsd} held and ` +
      `${spentNanoUsd} spent; its entries say ${entriesHeldNanoUsd} and ${entriesSpentNanoUsd} (and ${others.length} more such windows).`,
  )
}
