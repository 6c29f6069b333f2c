import { type RawBuilder, sql } from 'kysely'
import type { CostKey } from '../contract/costs.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { CalendarDays } from './calendar-days.ts'
import { type CostPage, type KeyedRow, readKeys, type SumRow } from './cost-rows.ts'
import { type SpendingScope, spendingIn } from './spending.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** What everything in scope comes to, and how many entries that are. */
export async function sumSpending({ kysely }: Reader, scope: SpendingScope): Promise<SumRow & { entries: number }> {
  const { rows } = await sql<SumRow & { entries: number }>`
    SELECT ${sums}, coalesce(sum(s.entries), 0)::int AS entries ${spendingIn(scope)}`.execute(kysely)
  const [row] = rows
  if (!row) throw new Error('a sum without GROUP BY gave no row')
  return row
}

/** Rows of a page and one more, by keys of which sums are kept. `days` are those of the scope, where the day is among the keys. */
export async function sumSpendingBy(
  { kysely }: Reader,
  scope: SpendingScope,
  by: readonly CostKey[],
  page: CostPage,
  days: CalendarDays | undefined,
): Promise<KeyedRow[]> {
  const after = readKeys(page, by)
  // Days are numbers until they are told: that of each row would be looked up otherwise.
  const columns = by.map(key => (key === 'day' ? sql.ref('s.day') : textOf(key)))
  const shown = by.map((key, i) => {
    const value = key === 'day' ? sql`(${days?.names ?? []}::text[])[s.day]` : columns[i]
    return sql`${value} AS ${sql.ref(`key${i}`)}`
  })
  const last = after?.map((value, i) =>
    by[i] === 'day' ? sql`${days?.names.filter(name => name <= value).length}::int` : sql`${value}::text`,
  )
  const { rows } = await sql<KeyedRow>`
    SELECT ${sql.join(shown)}, ${sums}, NULL AS file_name ${spendingIn(scope, days?.starts)}
    ${last ? sql`WHERE (${sql.join(columns)}) > (${sql.join(last)})` : sql``}
    GROUP BY ${sql.join(columns)} HAVING sum(s.entries) > 0 ORDER BY ${sql.join(columns)} LIMIT ${page.limit + 1}`.execute(
    kysely,
  )
  return rows
}

function textOf(key: CostKey): RawBuilder<unknown> {
  return sql`${sql.ref(key === 'tenant' ? 's.tenant_id' : `s.${key}`)} COLLATE "C"`
}

/** What belongs to no document, as the row by document; none where there is nothing. */
export async function sumWithoutDocument({ kysely }: Reader, scope: SpendingScope): Promise<KeyedRow[]> {
  const { rows } = await sql<KeyedRow>`
    SELECT '' AS key0, ${sums}, NULL AS file_name ${spendingIn(scope)} WHERE NOT s.of_document HAVING sum(s.entries) > 0`.execute(
    kysely,
  )
  return rows
}

/** Of rows `s` of the spending. */
const sums = sql`coalesce(sum(s.calls), 0)::int AS calls, coalesce(sum(s.calls) FILTER (WHERE s.simulated), 0)::int AS simulated_calls,
  coalesce(sum(s.units) FILTER (WHERE s.service = 'parse'), 0)::text AS pages,
  coalesce(sum(s.units) FILTER (WHERE s.service = 'embed'), 0)::text AS tokens,
  coalesce(sum(s.cost_nano_usd), 0)::text AS cost_nano_usd, coalesce(sum(s.shadow_nano_usd), 0)::text AS shadow_nano_usd,
  coalesce(sum(s.held_nano_usd), 0)::text AS held_nano_usd, coalesce(sum(s.in_doubt_nano_usd), 0)::text AS in_doubt_nano_usd,
  coalesce(sum(s.avoided_nano_usd), 0)::text AS avoided_nano_usd,
  coalesce(sum(s.avoided_shadow_nano_usd), 0)::text AS avoided_shadow_nano_usd`
