import { sql } from 'kysely'
import type { LedgerEntry } from '../contract/metered-service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

/** Appends entries, in the transaction that stores what was paid for. */
export async function recordEntries({ kysely }: Session<Tables>, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(e => ({
    tenant_id: e.tenantId,
    entry_id: e.entryId,
    call_id: e.callId,
    service: e.service,
    provider: e.provenance.provider,
    model: e.provenance.model,
    mode: e.provenance.mode,
    simulated: e.provenance.simulated,
    reasons: e.provenance.reasons,
    purpose: e.purpose,
    document_id: e.documentId,
    job_id: e.jobId,
    units: e.units.toString(),
    cost_nano_usd: e.costNanoUsd.toString(),
    shadow_nano_usd: e.shadowNanoUsd.toString(),
  }))
  await sql`
    INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, service, provider, model, mode, simulated, reasons, purpose,
      document_id, job_id, units, cost_nano_usd, shadow_nano_usd)
    SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS e(
      tenant_id text, entry_id uuid, call_id uuid, service text, provider text, model text, mode text, simulated boolean,
      reasons text[], purpose text, document_id uuid, job_id uuid, units bigint, cost_nano_usd bigint, shadow_nano_usd bigint)`.execute(
    kysely,
  )
}
