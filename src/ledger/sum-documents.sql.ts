import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { type CostPage, type KeyedRow, readKeys } from './cost-rows.ts'
import type { CostScope, DocumentKey } from './cost-scope.sql.ts'
import { sumEntriesBy } from './sum-entries.sql.ts'
import { sumWithoutDocument } from './sum-spending.sql.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

/** From so many entries on, documents are looked for in the order of their ids, else in that of time. */
const manyEntries = 100_000

/** Rows of a page and one more by document, at first what belongs to none. Only entries of the page's documents are read. */
export async function sumDocuments(
  session: Reader,
  scope: CostScope,
  page: CostPage,
  entries = manyEntries,
): Promise<KeyedRow[]> {
  const [after = null] = readKeys(page, ['document']) ?? []
  const find = entries < manyEntries ? findByTime : findById
  const documents = await find(session, scope, after || null, page.limit + 1)
  const all = { limit: documents.length }
  const rows = documents.length === 0 ? [] : await sumEntriesBy(session, scope, ['document'], all, { documents })
  return after === null ? [...(await sumWithoutDocument(session, scope)), ...rows] : rows
}

/** Reads the entries of the period, the documents of which are then put in order. */
async function findByTime(
  { kysely }: Reader,
  { tenantId, from, to }: CostScope,
  after: string | null,
  limit: number,
): Promise<DocumentKey[]> {
  const { rows } = await sql<DocumentKey>`
    SELECT tenant_id, document_id FROM (
      SELECT DISTINCT e.tenant_id, e.document_id FROM sluice.ledger_entries e
      WHERE e.booked_at >= ${from}::timestamptz AND e.booked_at < ${to}::timestamptz AND e.document_id IS NOT NULL
        ${tenantId === null ? sql`` : sql`AND e.tenant_id = ${tenantId}`} OFFSET 0) AS found
    ${after === null ? sql`` : sql`WHERE document_id > ${after}::uuid`} ORDER BY document_id LIMIT ${limit}`.execute(
    kysely,
  )
  return rows
}

/** Goes through an index of each tenant's documents until there are enough. */
async function findById(
  { kysely }: Reader,
  { tenantId, from, to }: CostScope,
  after: string | null,
  limit: number,
): Promise<DocumentKey[]> {
  const tenants =
    tenantId === null ? sql`(SELECT tenant_id FROM sluice.tenants)` : sql`(SELECT ${tenantId}::text AS tenant_id)`
  const { rows } = await sql<DocumentKey>`
    SELECT t.tenant_id, e.document_id FROM ${tenants} AS t
    CROSS JOIN LATERAL (SELECT DISTINCT e.document_id FROM sluice.ledger_entries e
      WHERE e.tenant_id = t.tenant_id AND e.document_id > ${after ?? '00000000-0000-0000-0000-000000000000'}::uuid
        AND e.booked_at >= ${from}::timestamptz AND e.booked_at < ${to}::timestamptz
      ORDER BY e.document_id LIMIT ${limit}) AS e
    ORDER BY e.document_id LIMIT ${limit}`.execute(kysely)
  return rows
}
