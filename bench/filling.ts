import { type RawBuilder, sql } from 'kysely'

/** How much there is to be. */
export interface Filling {
  documents: number
  entries: number
}

/** Of the documents six in ten are the first tenant's, whose dashboard is looked at; the others have one in ten each. */
export const tenants = ['bench', 'north', 'south', 'east', 'west'] as const

/** An id of version 7, in the order of the documents, that everything of the same document can be found by. */
export const idOf = (kind: RawBuilder<unknown> | string, n: RawBuilder<unknown>) => {
  const hash = sql`md5(${typeof kind === 'string' ? sql.lit(kind) : kind} || ${n})`
  return sql`(lpad(to_hex(1790000000000 + ${n}), 12, '0') || '7' || left(${hash}, 3) || '8' || right(${hash}, 15))::uuid`
}
export const tenantOf = (number: RawBuilder<unknown>) =>
  sql`(ARRAY['bench', 'north', 'bench', 'south', 'bench', 'east', 'bench', 'west', 'bench', 'bench'])[1 + ${number} % 10]`
/** Of a document; they came evenly in 90 days. */
export const cameAt = (number: RawBuilder<unknown>, { documents }: Filling) =>
  sql`now() - (${documents}::float8 - ${number}) / ${documents}::float8 * interval '90 days'`

export const tagsOf = (n: RawBuilder<unknown>) =>
  sql`(ARRAY['{}', '{}', '{}', '{legal}', '{finance}', '{legal,archive}', '{research}', '{}'])[1 + ${n} % 8]::text[]`
