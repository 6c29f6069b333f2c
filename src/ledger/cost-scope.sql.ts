import { type RawBuilder, sql } from 'kysely'
import type { CostPeriod } from './cost-period.ts'

/** Which entries are meant; `tenantId` null: those of all tenants. */
export interface CostScope extends CostPeriod {
  tenantId: string | null
  documentId: string | null
  timeZone: string
}

export interface DocumentKey {
  tenantId: string
  documentId: string
}

/**
 * The entries in scope as `e`, each with its document as `d` where that still exists; `byTag`: once for each tag, as `tag.name`; `documents`:
 * only theirs.
 */
export function entriesIn(
  { tenantId, documentId, from, to }: CostScope,
  byTag = false,
  documents?: readonly DocumentKey[],
): RawBuilder<unknown> {
  return sql`
    FROM ${documents ? entriesOf(documents) : sql`sluice.ledger_entries e`}
    LEFT JOIN sluice.documents d ON d.tenant_id = e.tenant_id AND d.document_id = e.document_id
    ${byTag ? sql`LEFT JOIN LATERAL unnest(e.tags) AS tag(name) ON true` : sql``}
    WHERE e.booked_at >= ${from}::timestamptz AND e.booked_at < ${to}::timestamptz
      ${tenantId === null ? sql`` : sql`AND e.tenant_id = ${tenantId}`}
      ${documentId === null ? sql`` : sql`AND e.document_id = ${documentId}::uuid`}`
}

/** OFFSET 0: one document after the other by the index, whatever the planner expects of all together. */
function entriesOf(documents: readonly DocumentKey[]): RawBuilder<unknown> {
  const tenants = documents.map(({ tenantId }) => tenantId)
  const ids = documents.map(({ documentId }) => documentId)
  return sql`unnest(${tenants}::text[], ${ids}::uuid[]) AS wanted(tenant_id, document_id)
    CROSS JOIN LATERAL (SELECT * FROM sluice.ledger_entries e
      WHERE e.tenant_id = wanted.tenant_id AND e.document_id = wanted.document_id OFFSET 0) AS e`
}
