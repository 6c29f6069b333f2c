import { sql } from 'kysely'
import type { CostKey, CostRow, CostTotals } from '../contract/costs.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type CalendarDays, calendarDays } from './calendar-days.ts'
import type { CostPeriod } from './cost-period.ts'
import { addUp, type CostPage, toPage, toTotals } from './cost-rows.ts'
import type { CostScope } from './cost-scope.sql.ts'
import { sumDocuments } from './sum-documents.sql.ts'
import { sumEntries, sumEntriesBy } from './sum-entries.sql.ts'
import { sumSpending, sumSpendingBy } from './sum-spending.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/**
 * Costs summed by `by`, ordered by it; days are those of the scope's time zone. `session` sees one state of the database. `entries`: how
 * many are in scope, where that is known. Throws `validation_failed` for a cursor of other keys.
 */
export async function sumCostsBy(
  session: Reader,
  scope: CostScope,
  by: readonly CostKey[],
  page: CostPage,
  entries?: number,
): Promise<{ rows: CostRow[]; nextCursor: string | null }> {
  const days = by.includes('day') ? await daysOf(session, scope) : undefined
  if (scope.documentId === null && by.length === 1 && by[0] === 'document')
    return toPage(await sumDocuments(session, scope, page, entries), by, page)
  const rows = isSummed(scope, by)
    ? await sumSpendingBy(session, scope, by, page, days)
    : await sumEntriesBy(session, scope, by, page, { days })
  return toPage(rows, by, page)
}

/** All rows with what they come to together, in one reading; null where that is not possible, or they are more than a page. */
export async function sumAllBy(
  session: Reader,
  scope: CostScope,
  by: readonly CostKey[],
  page: CostPage,
): Promise<{ rows: CostRow[]; totals: CostTotals } | null> {
  if (page.cursor !== undefined || !isSummed(scope, by)) return null
  const { rows, nextCursor } = await sumCostsBy(session, scope, by, page)
  return nextCursor === null ? { rows, totals: addUp(rows) } : null
}

/** Whether sums are kept of them; then each call is in one row. */
function isSummed({ documentId }: CostScope, by: readonly CostKey[]): boolean {
  return documentId === null && !by.includes('document') && !by.includes('tag')
}

/** What all of it comes to, and of how many entries. */
export async function sumCosts(session: Reader, scope: CostScope): Promise<{ totals: CostTotals; entries: number }> {
  const row = scope.documentId === null ? await sumSpending(session, scope) : await sumEntries(session, scope)
  return { totals: toTotals(row), entries: row.entries }
}

const longMs = 400 * 86_400_000

/** The days of the scope; of a long one those between the first entry and the last, so that there are not thousands of empty ones. */
async function daysOf({ kysely }: Reader, scope: CostScope): Promise<CalendarDays> {
  if (scope.to.getTime() - scope.from.getTime() <= longMs) return calendarDays(scope, scope.timeZone)
  const { rows } = await sql<{ first: Date | null; last: Date | null }>`
    SELECT min(booked_at) AS first, max(booked_at) AS last FROM sluice.ledger_entries`.execute(kysely)
  const [found] = rows
  if (!found?.first || !found.last) return calendarDays({ from: scope.from, to: scope.from }, scope.timeZone)
  const period: CostPeriod = {
    from: new Date(Math.max(scope.from.getTime(), found.first.getTime())),
    to: new Date(Math.min(scope.to.getTime(), found.last.getTime() + 1)),
  }
  return calendarDays(period, scope.timeZone)
}
