import { sql } from 'kysely'
import type { Explanation, RouteDecision } from '../contract/route-decision.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

export interface LoggedDecision {
  tenantId: string
  decisionId: string
  jobId: string | null
  documentId: string | null
  at: Date
  decision: RouteDecision & { pages: string | null }
  providerMs: number | null
}

export async function insertDecisions({ kysely }: Writer, logged: readonly LoggedDecision[]): Promise<void> {
  if (logged.length === 0) return
  const rows = logged.map(({ decision, ...row }) => ({
    tenant_id: row.tenantId,
    decision_id: row.decisionId,
    job_id: row.jobId,
    document_id: row.documentId,
    at: row.at,
    service: decision.service,
    outcome: decision.outcome,
    provider: decision.provider,
    provider_ms: row.providerMs,
    decision,
  }))
  await sql`
    INSERT INTO sluice.route_decisions (tenant_id, decision_id, job_id, document_id, service, at, outcome, provider, provider_ms, decision)
    SELECT tenant_id, decision_id, job_id, document_id, service, at, outcome, provider, provider_ms, decision
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS g(tenant_id text, decision_id uuid, job_id uuid, document_id uuid,
      service text, at timestamptz, outcome text, provider text, provider_ms float8, decision jsonb)
    ON CONFLICT (tenant_id, decision_id) DO UPDATE SET provider_ms = excluded.provider_ms`.execute(kysely)
}

/** How the calls for a job were decided, oldest first. */
export async function readDecisions(
  { kysely }: Writer,
  tenantId: string,
  jobId: string,
): Promise<Explanation['decisions']> {
  const { rows } = await sql<{ at: Date; providerMs: number | null; decision: LoggedDecision['decision'] }>`
    SELECT at, provider_ms, decision FROM sluice.route_decisions
    WHERE tenant_id = ${tenantId} AND job_id = ${jobId}::uuid ORDER BY at, decision_id LIMIT 500`.execute(kysely)
  return rows.map(({ at, providerMs, decision }) => ({ ...decision, at: at.toISOString(), providerMs }))
}

/** Decisions without a job (searches) after a day, all others after a month. */
export async function forgetOldDecisions({ kysely }: Writer): Promise<void> {
  await sql`
    DELETE FROM sluice.route_decisions
    WHERE at < now() - interval '30 days' OR (job_id IS NULL AND at < now() - interval '1 day')`.execute(kysely)
}
