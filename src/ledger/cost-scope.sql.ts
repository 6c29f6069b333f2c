import { type RawBuilder, sql } from 'kysely'
import type { CostPeriod } from './cost-period.ts'

/** Which entries are meant; `tenantId` null: those of all tenants. */
export interface CostScope extends CostPeriod {
  tenantId: string | null
  documentId: string | null
  timeZone: string
}

/** The entries in scope as `e`, each with its document as `d` where that still exists; `byTag`: once for each tag, as `tag.name`. */
export function entriesIn({ tenantId, documentId, from, to }: CostScope, byTag = false): RawBuilder<unknown> {
  return sql`
    FROM sluice.ledger_entries e
    LEFT JOIN sluice.documents d ON d.tenant_id = e.tenant_id AND d.document_id = e.document_id
    ${byTag ? sql`LEFT JOIN LATERAL unnest(e.tags) AS tag(name) ON true` : sql``}
    WHERE e.booked_at >= ${from}::timestamptz AND e.booked_at < ${to}::timestamptz
      ${tenantId === null ? sql`` : sql`AND e.tenant_id = ${tenantId}`}
      ${documentId === null ? sql`` : sql`AND e.document_id = ${documentId}::uuid`}`
}
