import type { ReconcileWish, Reconciliation } from '../contract/reconciliation.ts'
import type { Tables } from '../contract/tables.ts'
import type { UsagePeriod, UsageReader } from '../contract/usage-report.ts'
import type { Database } from '../platform/database.ts'
import { compareUsage, type UsageAdjustment, type UsageComparison, type UsageRow } from './compare-usage.ts'
import { bookAdjustments, readAdjustments, readOwnUsage } from './reconcile.sql.ts'

export interface ReconcileOptions {
  database: Database<Tables>
  readers: readonly UsageReader[]
  newId(): string
  now: Date
}

const dayMs = 86_400_000
const daysBack = 30
/** Reports of a day can change until then; the providers name no bound, so this is a cautious guess. */
const settleAfterMs = dayMs

/**
 * Compares the books with what the providers report, day by day, and books the difference where the report is final. Booked
 * adjustments count the next time, so that running it again changes nothing. Fails as the readers do.
 */
export async function reconcile(
  { database, readers, newId, now }: ReconcileOptions,
  wish: ReconcileWish,
  signal: AbortSignal,
): Promise<Reconciliation> {
  const period = periodOf(wish, now)
  const rows: Reconciliation['rows'] = []
  let booked = 0
  for (const reader of readers) {
    const theirs = await reader.read(period, { signal })
    const ours = await readOwnUsage(database, reader.provider, period)
    const known = await readAdjustments(database, reader.provider, period)
    const comparison = compareUsage(ours, theirs, { now, settleAfterMs, booked: known })
    if (wish.book) booked += await bookAdjustments(database, comparison.adjustments, newId)
    rows.push(...viewRows(comparison))
  }
  const [from, to] = [dayOf(period.from), dayOf(new Date(period.to.getTime() - 1))]
  return { from, to, providers: readers.map(reader => reader.provider), booked, rows }
}

/** Whole UTC days. */
function periodOf({ from, to }: ReconcileWish, now: Date): UsagePeriod {
  const today = Date.parse(dayOf(now))
  return {
    from: new Date(from ?? today - daysBack * dayMs),
    to: new Date((to === undefined ? today : Date.parse(to)) + dayMs),
  }
}

function viewRows({ rows, adjustments }: UsageComparison): Reconciliation['rows'] {
  return rows.map(({ isSettled, ...row }) => ({
    ...row,
    ours: view(row.ours),
    theirs: row.theirs && view(row.theirs),
    bookedNanoUsd: String(row.bookedNanoUsd),
    driftNanoUsd: row.driftNanoUsd?.toString() ?? null,
    driftPpm: row.driftPpm?.toString() ?? null,
    settled: isSettled,
    adjustmentNanoUsd: adjustments.find(one => isFor(one, row))?.amountNanoUsd.toString() ?? null,
  }))
}

function isFor(a: UsageAdjustment, b: Pick<UsageRow, 'day' | 'provider' | 'operation' | 'model'>): boolean {
  return a.day === b.day && a.provider === b.provider && a.operation === b.operation && a.model === b.model
}

function view({ units, costNanoUsd, calls }: UsageRow['ours']) {
  return { units: String(units), costNanoUsd: costNanoUsd?.toString() ?? null, calls }
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
