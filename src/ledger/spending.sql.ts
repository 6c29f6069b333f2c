import { type RawBuilder, sql } from 'kysely'
import type { CostPeriod } from './cost-period.ts'
import { type WholeHours, wholeHours } from './whole-hours.ts'

/** Whose spending, and when; `tenantId` null: of all tenants. */
export interface SpendingScope extends CostPeriod {
  tenantId: string | null
}

/**
 * Everything in scope as rows `s` that only have to be added up, in one statement and so at one moment: the sums of hours and half hours,
 * what they do not hold yet, entries where a bound lies within one of those, and what is in doubt. Each row has tenant_id, service, purpose,
 * provider, model, simulated, of_document, entries, calls, units, the amounts, in_doubt_nano_usd, and with `dayStarts` the day's
 * place among them, counted from 1.
 */
export function spendingIn(scope: SpendingScope, dayStarts?: readonly Date[]): RawBuilder<unknown> {
  const { hours, parts } = wholeHours(scope, dayStarts, { halves: true })
  const places = [entriesOf(scope, parts, dayStarts), doubtsOf(scope, dayStarts)]
  if (hours) places.unshift(hoursOf(scope, hours, dayStarts), changesOf(scope, hours, dayStarts))
  return sql`FROM (${sql.join(places, sql` UNION ALL `)}) AS s`
}

const keys = ['tenant_id', 'service', 'purpose', 'provider', 'model', 'simulated'] as const
const amounts = [
  'units',
  'cost_nano_usd',
  'shadow_nano_usd',
  'held_nano_usd',
  'avoided_nano_usd',
  'avoided_shadow_nano_usd',
] as const

/** Columns of a table, under its name. */
const of = (table: string, columns: readonly string[]) => sql.join(columns.map(column => sql.ref(`${table}.${column}`)))
const sumsOf = (table: string) =>
  sql.join(amounts.map(name => sql`sum(${sql.ref(`${table}.${name}`)}) AS ${sql.ref(name)}`))
export const tenantIs = (table: string, tenantId: string | null) =>
  tenantId === null ? sql`` : sql`AND ${sql.ref(`${table}.tenant_id`)} = ${tenantId}`

/** The place of a moment among the starts of days, counted from 1. */
export function dayOf(at: RawBuilder<unknown>, dayStarts: readonly Date[]): RawBuilder<unknown> {
  return sql`width_bucket(${at}, ${dayStarts.map(toText)}::timestamptz[])`
}
const dayColumn = (at: RawBuilder<unknown>, dayStarts: readonly Date[] | undefined) =>
  dayStarts ? sql`, ${dayOf(at, dayStarts)} AS day` : sql``

export const within = (at: RawBuilder<unknown>, { from, to }: CostPeriod) =>
  sql`${at} >= ${toText(from)}::timestamptz AND ${at} < ${toText(to)}::timestamptz`
export const isNotSplit = (hour: RawBuilder<unknown>, { split }: Pick<WholeHours, 'split'>) =>
  split.length === 0 ? sql`` : sql`AND ${hour} <> ALL (${split.map(toText)}::timestamptz[])`

function hoursOf(
  { tenantId }: SpendingScope,
  { blocks, single, halved }: WholeHours,
  dayStarts: readonly Date[] | undefined,
): RawBuilder<unknown> {
  const start = sql.ref('h.span_start')
  const isOneOf = (hours: readonly Date[]) => sql`${start} = ANY (${hours.map(toText)}::timestamptz[])`
  const rows = (minutes: number, which: RawBuilder<unknown>, sign: 1 | -1 = 1, at: RawBuilder<unknown> = start) => sql`
    SELECT ${of('h', keys)}, h.of_document, ${signed(sign)}, 0 AS in_doubt_nano_usd ${dayColumn(at, dayStarts)}
    FROM sluice.spending h WHERE h.minutes = ${minutes} AND ${which} ${tenantIs('h', tenantId)}`
  const places = [rows(360, sql`${within(start, blocks)} ${isNotSplit(start, blocks)}`), rows(60, isOneOf(single))]
  if (halved.length > 0) {
    // What an hour has in its second half is all that it has without what it has in its first one.
    const secondHalf = sql`${start} + interval '30 minutes'`
    places.push(
      rows(30, isOneOf(halved)),
      rows(60, isOneOf(halved), 1, secondHalf),
      rows(30, isOneOf(halved), -1, secondHalf),
    )
  }
  return sql.join(places, sql` UNION ALL `)
}

/** What is summed of rows `h`, or the same taken away. */
function signed(sign: 1 | -1): RawBuilder<unknown> {
  const columns = ['entries', 'calls', ...amounts].map(name => sql.ref(`h.${name}`))
  return sql.join(sign === 1 ? columns : columns.map(column => sql`-${column}`))
}

function changesOf(
  { tenantId }: SpendingScope,
  hours: WholeHours,
  dayStarts: readonly Date[] | undefined,
): RawBuilder<unknown> {
  const at = sql.ref('c.booked_at')
  return sql`
    SELECT ${of('c', keys)}, c.of_document, sum(c.sign) AS entries,
      coalesce(sign(sum(c.sign) FILTER (WHERE c.settled)), 0) AS calls, ${sumsOf('c')}, 0 ${dayColumn(at, dayStarts)}
    FROM sluice.spending_changes c
    WHERE ${within(at, hours)} ${isNotSplit(sql`date_trunc('hour', ${at}, 'UTC')`, hours)} ${tenantIs('c', tenantId)}
    GROUP BY ${byCall('c', dayStarts)}, c.of_document`
}

function entriesOf(
  { tenantId }: SpendingScope,
  parts: readonly CostPeriod[],
  dayStarts: readonly Date[] | undefined,
): RawBuilder<unknown> {
  return sql`
    SELECT ${of('e', keys)}, e.document_id IS NOT NULL AS of_document, count(*) AS entries, bool_or(e.kind = 'settlement')::int AS calls,
      ${sumsOf('e')}, 0 AS in_doubt_nano_usd ${dayColumn(sql.ref('e.booked_at'), dayStarts)}
    FROM ${entriesOfParts(parts, tenantId)}
    GROUP BY ${byCall('e', dayStarts)}, e.document_id IS NOT NULL`
}

/** A row for each call: to count distinct ones would sort them. */
function byCall(table: string, dayStarts: readonly Date[] | undefined): RawBuilder<unknown> {
  const columns = [...keys, 'call_id'].map(key => sql.ref(`${table}.${key}`))
  return sql.join(dayStarts ? [...columns, sql.ref('day')] : columns)
}

/** The entries of parts as `e`. OFFSET 0: each part by the index, whatever the planner expects of them together. */
export function entriesOfParts(parts: readonly CostPeriod[], tenantId: string | null): RawBuilder<unknown> {
  const firsts = parts.map(part => toText(part.from))
  const nexts = parts.map(part => toText(part.to))
  return sql`unnest(${firsts}::timestamptz[], ${nexts}::timestamptz[]) AS part(first, next)
    CROSS JOIN LATERAL (SELECT * FROM sluice.ledger_entries e
      WHERE e.booked_at >= part.first AND e.booked_at < part.next ${tenantIs('e', tenantId)} OFFSET 0) AS e`
}

function doubtsOf(scope: SpendingScope, dayStarts: readonly Date[] | undefined): RawBuilder<unknown> {
  const at = sql.ref('e.booked_at')
  return sql`
    SELECT ${of('e', keys)}, e.document_id IS NOT NULL, 0, 0, 0, 0, 0, 0, 0, 0, e.held_nano_usd ${dayColumn(at, dayStarts)}
    FROM sluice.holds u JOIN sluice.ledger_entries e ON e.call_id = u.call_id
    WHERE u.state = 'unknown' AND u.ended_at IS NULL AND ${within(at, scope)} ${tenantIs('e', scope.tenantId)}`
}

function toText(at: Date): string {
  return at.toISOString()
}
