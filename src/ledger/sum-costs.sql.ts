import { type RawBuilder, sql } from 'kysely'
import type { CostKey, CostRow, CostTotals } from '../contract/costs.ts'
import { AppError } from '../contract/failure.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type CostScope, entriesIn } from './cost-scope.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/**
 * Costs summed by `by`, ordered by it; days are those of the scope's time zone. Throws `validation_failed` for a cursor of other
 * keys, or a time zone that the database does not know.
 */
export async function sumCostsBy(
  { kysely }: Reader,
  scope: CostScope,
  by: readonly CostKey[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ rows: CostRow[]; nextCursor: string | null }> {
  const after = cursor === undefined ? null : decodeKeys(cursor, by.length)
  const names = by.map((_, i) => sql.ref(`key${i}`))
  const keys = sql.join(by.map((key, i) => sql`${keySql(key, scope)} COLLATE "C" AS ${names[i]}`))
  // Where no names are asked for, the database leaves the documents out.
  const fileName = by.includes('document') ? sql`max(d.file_name)` : sql`NULL`
  const { rows } = await sql<SumRow & Record<string, string>>`
    SELECT ${sql.join(names)}, ${sums}, max(file_name) AS file_name
    FROM (SELECT ${keys}, ${callSums}, ${fileName} AS file_name ${entriesIn(scope, by.includes('tag'))} GROUP BY ${sql.join(names)}, e.call_id) AS calls
    ${after ? sql`WHERE (${sql.join(names)}) > (${sql.join(after.map(value => sql`${value}::text`))})` : sql``}
    GROUP BY ${sql.join(names)} ORDER BY ${sql.join(names)} LIMIT ${limit + 1}`
    .execute(kysely)
    .catch(error => refuseTimeZone(error, scope))
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown.map(row => ({
      ...Object.assign({}, ...by.map((key, i) => toKey(key, row[`key${i}`], row))),
      ...toSums(row),
    })),
    nextCursor: rows.length > limit && last ? encodeKeys(by.map((_, i) => last[`key${i}`] ?? '')) : null,
  }
}

/** What all of it comes to. */
export async function sumCosts({ kysely }: Reader, scope: CostScope): Promise<CostTotals> {
  const { rows } = await sql<Omit<SumRow, 'fileName'>>`
    SELECT ${sums} FROM (SELECT ${callSums} ${entriesIn(scope)} GROUP BY e.call_id) AS calls`.execute(kysely)
  const [row] = rows
  if (!row) throw new Error('a sum without GROUP BY gave no row')
  return toSums(row)
}

interface SumRow {
  calls: number
  simulatedCalls: number
  pages: string
  tokens: string
  costNanoUsd: string
  shadowNanoUsd: string
  heldNanoUsd: string
  inDoubtNanoUsd: string
  avoidedNanoUsd: string
  avoidedShadowNanoUsd: string
  fileName: string | null
}

// First by call, then by key: counting distinct calls would sort them. Sums of bigint are numeric: as text they stay exact.
const callSums = sql`bool_or(e.kind = 'settlement') AS is_call, bool_or(e.simulated) AS simulated,
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

function toSums(row: Omit<SumRow, 'fileName'>): CostTotals {
  const { calls, simulatedCalls, pages, tokens, costNanoUsd, shadowNanoUsd } = row
  const { heldNanoUsd, inDoubtNanoUsd, avoidedNanoUsd, avoidedShadowNanoUsd } = row
  const open = { heldNanoUsd, inDoubtNanoUsd, avoidedNanoUsd, avoidedShadowNanoUsd }
  return { calls, simulatedCalls, units: { pages, tokens }, costNanoUsd, shadowNanoUsd, ...open }
}

function keySql(key: CostKey, { timeZone }: CostScope): RawBuilder<unknown> {
  if (key === 'day') return sql`to_char(e.booked_at AT TIME ZONE ${timeZone}::text, 'YYYY-MM-DD')`
  if (key === 'document') return sql`coalesce(e.document_id::text, '')`
  if (key === 'tag') return sql`coalesce(tag.name, '')`
  return sql.ref(key === 'tenant' ? 'e.tenant_id' : `e.${key}`)
}

function toKey(key: CostKey, value: string | undefined, { fileName }: SumRow): Partial<CostRow> {
  if (key === 'document') return { documentId: value || null, fileName }
  return key === 'tenant' ? { tenantId: value ?? '' } : { [key]: value }
}

/** The database has a list of time zones of its own, which can be older. */
function refuseTimeZone(error: unknown, { timeZone }: CostScope): never {
  const isUnknown = error instanceof Error && /time zone ".*" not recognized/.test(error.message)
  if (!isUnknown) throw error
  throw new AppError('validation_failed', `timeZone: the database does not know "${timeZone}".`, { cause: error })
}

function encodeKeys(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

function decodeKeys(cursor: string, count: number): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(values) && values.length === count && values.every(value => typeof value === 'string'))
      return values
  } catch {
    // told below
  }
  throw new AppError(
    'validation_failed',
    `The cursor ${JSON.stringify(cursor)} is not one of ours, or of another "by".`,
  )
}
