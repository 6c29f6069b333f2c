import type { CostKey, CostRow, CostTotals } from '../contract/costs.ts'
import { AppError } from '../contract/failure.ts'

/** A page of rows, in the order of the keys that they are summed by. */
export interface CostPage {
  limit: number
  cursor?: string | undefined
}

/** Sums of bigint are numeric: as text they stay exact. */
export interface SumRow {
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
}

/** With the keys as text: key0, key1, …; empty where there is none. */
export type KeyedRow = SumRow & { fileName: string | null } & Record<`key${number}`, string>

export function toTotals(row: SumRow): CostTotals {
  const { calls, simulatedCalls, pages, tokens, costNanoUsd, shadowNanoUsd } = row
  const { heldNanoUsd, inDoubtNanoUsd, avoidedNanoUsd, avoidedShadowNanoUsd } = row
  const open = { heldNanoUsd, inDoubtNanoUsd, avoidedNanoUsd, avoidedShadowNanoUsd }
  return { calls, simulatedCalls, units: { pages, tokens }, costNanoUsd, shadowNanoUsd, ...open }
}

/** What rows come to that have no call in common. */
export function addUp(rows: readonly CostTotals[]): CostTotals {
  const sum = (of: (row: CostTotals) => string) => String(rows.reduce((total, row) => total + BigInt(of(row)), 0n))
  const count = (of: (row: CostTotals) => number) => rows.reduce((total, row) => total + of(row), 0)
  return {
    calls: count(row => row.calls),
    simulatedCalls: count(row => row.simulatedCalls),
    units: { pages: sum(row => row.units.pages), tokens: sum(row => row.units.tokens) },
    costNanoUsd: sum(row => row.costNanoUsd),
    shadowNanoUsd: sum(row => row.shadowNanoUsd),
    heldNanoUsd: sum(row => row.heldNanoUsd),
    inDoubtNanoUsd: sum(row => row.inDoubtNanoUsd),
    avoidedNanoUsd: sum(row => row.avoidedNanoUsd),
    avoidedShadowNanoUsd: sum(row => row.avoidedShadowNanoUsd),
  }
}

/** The page that `found` begins with; one row more than its limit says that there is another. */
export function toPage(found: readonly KeyedRow[], by: readonly CostKey[], { limit }: CostPage) {
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  const rows = shown.map(
    (row): CostRow => ({
      ...Object.assign({}, ...by.map((key, i) => toKey(key, row[`key${i}`], row))),
      ...toTotals(row),
    }),
  )
  const hasMore = found.length > limit && last !== undefined
  return { rows, nextCursor: hasMore ? encodeKeys(by.map((_, i) => last[`key${i}`] ?? '')) : null }
}

function toKey(key: CostKey, value: string | undefined, { fileName }: KeyedRow): Partial<CostRow> {
  if (key === 'document') return { documentId: value || null, fileName }
  return key === 'tenant' ? { tenantId: value ?? '' } : { [key]: value }
}

function encodeKeys(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** The keys behind which the page begins; null: it is the first. Throws `validation_failed` for a cursor of other keys. */
export function readKeys({ cursor }: CostPage, by: readonly CostKey[]): string[] | null {
  if (cursor === undefined) return null
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(values) && values.length === by.length && values.every(value => typeof value === 'string'))
      return values
  } catch {
    // told below
  }
  throw new AppError(
    'validation_failed',
    `The cursor ${JSON.stringify(cursor)} is not one of ours, or of another "by".`,
  )
}
