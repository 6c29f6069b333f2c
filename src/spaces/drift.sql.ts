import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export interface DueCheck {
  tenantId: string
  spaceId: string
}

/** Takes the spaces that search uses and that have not been looked at for so long; no other process looks at them then. */
export async function takeDueChecks({ kysely }: Reader, everyMs: number): Promise<DueCheck[]> {
  const later = sql`now() + ${everyMs}::float8 * interval '1 millisecond'`
  await sql`
    INSERT INTO sluice.drift_checks (tenant_id, space_id, next_at)
    SELECT tenant_id, live_space_id, ${later} FROM sluice.tenants WHERE live_space_id IS NOT NULL ON CONFLICT DO NOTHING`.execute(
    kysely,
  )
  const { rows } = await sql<DueCheck>`
    UPDATE sluice.drift_checks k SET next_at = ${later} FROM sluice.tenants t
    WHERE k.next_at <= now() AND t.tenant_id = k.tenant_id AND t.live_space_id = k.space_id
    RETURNING k.tenant_id, k.space_id`.execute(kysely)
  return rows
}

export interface StoredText {
  text: string
  tokenCount: number
  vector: Float32Array
}

/** A few texts of live documents with their vectors, other ones each time. */
export async function sampleTexts(
  { kysely }: Reader,
  { tenantId, spaceId }: DueCheck,
  count: number,
  seed: string,
): Promise<StoredText[]> {
  const { rows } = await sql<{ text: string; tokenCount: number; vector: string }>`
    SELECT c.text, c.token_count, e.embedding::text AS vector
    FROM (SELECT live_version_id FROM sluice.documents WHERE tenant_id = ${tenantId} AND live_version_id IS NOT NULL
      ORDER BY md5(document_id::text || ${seed}) LIMIT ${count}) d
    CROSS JOIN LATERAL (SELECT text, token_count, text_hash FROM sluice.chunks
      WHERE tenant_id = ${tenantId} AND version_id = d.live_version_id ORDER BY md5(ordinal::text || ${seed}) LIMIT 1) c
    JOIN sluice.embeddings e ON e.tenant_id = ${tenantId} AND e.space_id = ${spaceId} AND e.text_hash = c.text_hash`.execute(
    kysely,
  )
  return rows.map(({ vector, ...row }) => ({ ...row, vector: Float32Array.from(JSON.parse(vector) as number[]) }))
}

export async function noteCheck(
  { kysely }: Reader,
  { tenantId, spaceId }: DueCheck,
  { texts, leastCosine }: { texts: number; leastCosine: number },
): Promise<void> {
  await sql`
    UPDATE sluice.drift_checks SET checked_at = now(), texts = ${texts}, least_cosine = ${leastCosine}::float8
    WHERE tenant_id = ${tenantId} AND space_id = ${spaceId}`.execute(kysely)
}
