import { type RawBuilder, sql } from 'kysely'
import type { CostKey } from '../contract/costs.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import type { CalendarDays } from './calendar-days.ts'
import { type CostPage, type KeyedRow, readKeys, type SumRow } from './cost-rows.ts'
import { type CostScope, type DocumentKey, entriesIn } from './cost-scope.sql.ts'
import { dayOf } from './spending.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** Rows of a page and one more, entry by entry: for keys and scopes of which no sums are kept. `documents`: of these alone. */
export async function sumEntriesBy(
  { kysely }: Reader,
  scope: CostScope,
  by: readonly CostKey[],
  page: CostPage,
  { days, documents }: { days?: CalendarDays | undefined; documents?: readonly DocumentKey[] } = {},
): Promise<KeyedRow[]> {
  const after = readKeys(page, by)
  const names = by.map((_, i) => sql.ref(`key${i}`))
  const keys = sql.join(by.map((key, i) => sql`${keySql(key, days)} COLLATE "C" AS ${names[i]}`))
  // Where no names are asked for, the database leaves the documents out.
  const fileName = by.includes('document') ? sql`max(d.file_name)` : sql`NULL`
  const { rows } = await sql<KeyedRow>`
    SELECT ${sql.join(names)}, ${sums}, max(file_name) AS file_name
    FROM (SELECT ${keys}, ${callSums}, ${fileName} AS file_name ${entriesIn(scope, by.includes('tag'), documents)}
      GROUP BY ${sql.join(names)}, e.call_id) AS calls
    ${after ? sql`WHERE (${sql.join(names)}) > (${sql.join(after.map(value => sql`${value}::text`))})` : sql``}
    GROUP BY ${sql.join(names)} ORDER BY ${sql.join(names)} LIMIT ${page.limit + 1}`.execute(kysely)
  return rows
}

/** What all entries in scope come to, and how many there are. */
export async function sumEntries({ kysely }: Reader, scope: CostScope): Promise<SumRow & { entries: number }> {
  const { rows } = await sql<SumRow & { entries: number }>`
    SELECT ${sums}, coalesce(sum(entries), 0)::int AS entries
    FROM (SELECT ${callSums} ${entriesIn(scope)} GROUP BY e.call_id) AS calls`.execute(kysely)
  const [row] = rows
  if (!row) throw new Error('a sum without GROUP BY gave no row')
  return row
}

// First by call, then by key: counting distinct calls would sort them.
const callSums = sql`count(*) AS entries, bool_or(e.kind = 'settlement') AS is_call, bool_or(e.simulated) AS simulated,
  sum(e.units) FILTER (WHERE e.service = 'parse') AS pages, sum(e.units) FILTER (WHERE e.service = 'embed') AS tokens,
  sum(e.cost_nano_usd) AS cost_nano_usd, sum(e.shadow_nano_usd) AS shadow_nano_usd, sum(e.held_nano_usd) AS held_nano_usd,
  sum(e.held_nano_usd) FILTER (WHERE e.held_nano_usd <> 0 AND e.call_id IN (
    SELECT call_id FROM sluice.holds WHERE state = 'unknown')) AS in_doubt_nano_usd,
  sum(e.avoided_nano_usd) AS avoided_nano_usd, sum(e.avoided_shadow_nano_usd) AS avoided_shadow_nano_usd`
const sums = sql`(count(*) FILTER (WHERE is_call))::int AS calls, (count(*) FILTER (WHERE is_call AND simulated))::int AS simulated_calls,
  coalesce(sum(pages), 0)::text AS pages, coalesce(sum(tokens), 0)::text AS tokens,
  coalesce(sum(cost_nano_usd), 0)::text AS cost_nano_usd, coalesce(sum(shadow_nano_usd), 0)::text AS shadow_nano_usd,
  coalesce(sum(held_nano_usd), 0)::text AS held_nano_usd, coalesce(sum(in_doubt_nano_usd), 0)::text AS in_doubt_nano_usd,
  coalesce(sum(avoided_nano_usd), 0)::text AS avoided_nano_usd,
  coalesce(sum(avoided_shadow_nano_usd), 0)::text AS avoided_shadow_nano_usd`

function keySql(key: CostKey, days: CalendarDays | undefined): RawBuilder<unknown> {
  if (key === 'day') return days ? sql`(${days.names}::text[])[${dayOf(sql.ref('e.booked_at'), days.starts)}]` : sql`''`
  if (key === 'document') return sql`coalesce(e.document_id::text, '')`
  if (key === 'tag') return sql`coalesce(tag.name, '')`
  return sql.ref(key === 'tenant' ? 'e.tenant_id' : `e.${key}`)
}
