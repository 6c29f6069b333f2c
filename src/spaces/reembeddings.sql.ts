import { sql } from 'kysely'
import type { ReembeddingView, ReembedQuote, SpaceView } from '../contract/reembedding.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

export type SpaceRow = Omit<SpaceView, 'usable'>

/** A tenant's spaces, the live one first, then the newest. */
export async function listSpaces({ kysely }: Reader, tenantId: string): Promise<SpaceRow[]> {
  const { rows } = await sql<SpaceRow>`
    WITH texts AS (${liveTexts(tenantId)})
    SELECT s.space_id, s.provider, s.model, s.dimensions, s.revision, s.simulated,
      coalesce(s.space_id = t.live_space_id, false) AS live,
      (SELECT count(*)::int FROM sluice.embeddings e WHERE e.tenant_id = s.tenant_id AND e.space_id = s.space_id) AS vectors,
      (SELECT count(*)::int FROM texts JOIN sluice.embeddings e
        ON e.tenant_id = s.tenant_id AND e.space_id = s.space_id AND e.text_hash = texts.text_hash) AS covered,
      (SELECT count(*)::int FROM texts) AS texts,
      CASE WHEN k.checked_at IS NOT NULL THEN jsonb_build_object('checkedAt', to_char(k.checked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'texts', k.texts, 'leastCosine', k.least_cosine) END AS drift
    FROM sluice.vector_spaces s JOIN sluice.tenants t ON t.tenant_id = s.tenant_id
    LEFT JOIN sluice.drift_checks k ON k.tenant_id = s.tenant_id AND k.space_id = s.space_id
    WHERE s.tenant_id = ${tenantId} ORDER BY live DESC, s.created_at DESC, s.space_id`.execute(kysely)
  return rows
}

/** The different texts of live documents that have no vector in the space. */
export async function countMissing(
  { kysely }: Reader,
  tenantId: string,
  spaceId: string,
): Promise<Pick<ReembedQuote, 'texts' | 'tokens'>> {
  const { rows } = await sql<{ texts: number; tokens: number }>`
    WITH texts AS (${liveTexts(tenantId)})
    SELECT count(*)::int AS texts, coalesce(sum(token_count), 0)::float8 AS tokens FROM texts
    WHERE NOT EXISTS (SELECT FROM sluice.embeddings e
      WHERE e.tenant_id = ${tenantId} AND e.space_id = ${spaceId} AND e.text_hash = texts.text_hash)`.execute(kysely)
  return rows[0] ?? { texts: 0, tokens: 0 }
}

function liveTexts(tenantId: string) {
  return sql`
    SELECT c.text_hash, max(c.token_count) AS token_count FROM sluice.documents d
    JOIN sluice.chunks c ON c.tenant_id = d.tenant_id AND c.version_id = d.live_version_id
    WHERE d.tenant_id = ${tenantId} GROUP BY c.text_hash`
}

export interface NewReembedding {
  tenantId: string
  reembeddingId: string
  apiKeyId: string | null
  quote: ReembedQuote
}

/** False: another one of the tenant is running. */
export async function insertReembedding({ kysely }: Reader, created: NewReembedding): Promise<boolean> {
  const { tenantId, reembeddingId, apiKeyId, quote } = created
  const { rows } = await sql`
    INSERT INTO sluice.reembeddings (tenant_id, reembedding_id, space_id, from_space_id, api_key_id, quoted_texts, quoted_tokens,
      quoted_cost_nano_usd, quoted_shadow_nano_usd)
    VALUES (${tenantId}, ${reembeddingId}::uuid, ${quote.space.spaceId}, ${quote.from}, ${apiKeyId}::uuid, ${quote.texts},
      ${quote.tokens}, ${quote.costNanoUsd}::bigint, ${quote.shadowNanoUsd}::bigint)
    ON CONFLICT (tenant_id) WHERE state = 'running' DO NOTHING RETURNING reembedding_id`.execute(kysely)
  return rows.length > 0
}

/** Newest first; all of the tenant, or one. */
export async function readReembeddings(
  { kysely }: Reader,
  tenantId: string,
  reembeddingId: string | null = null,
): Promise<ReembeddingView[]> {
  const { rows } = await sql<ReembeddingRow>`
    SELECT reembedding_id, space_id, from_space_id, state, quoted_texts, quoted_tokens, quoted_cost_nano_usd, quoted_shadow_nano_usd,
      embedded_texts, waits_for, error_code, error_message, created_at, finished_at
    FROM sluice.reembeddings WHERE tenant_id = ${tenantId} AND coalesce(reembedding_id = ${reembeddingId}::uuid, true)
    ORDER BY created_at DESC LIMIT 100`.execute(kysely)
  return rows.map(toView)
}

interface ReembeddingRow extends Omit<ReembeddingView, 'quote' | 'error' | 'createdAt' | 'finishedAt'> {
  quotedTexts: number
  quotedTokens: bigint
  quotedCostNanoUsd: bigint
  quotedShadowNanoUsd: bigint
  errorCode: string | null
  errorMessage: string | null
  createdAt: Date
  finishedAt: Date | null
}

function toView(row: ReembeddingRow): ReembeddingView {
  const { quotedTexts, quotedTokens, quotedCostNanoUsd, quotedShadowNanoUsd, errorCode, errorMessage, ...rest } = row
  return {
    ...rest,
    quote: {
      texts: quotedTexts,
      tokens: Number(quotedTokens),
      costNanoUsd: String(quotedCostNanoUsd),
      shadowNanoUsd: String(quotedShadowNanoUsd),
    },
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}

/** False when it is not running any more. What it has embedded stays. */
export async function cancelReembedding({ kysely }: Reader, tenantId: string, reembeddingId: string): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sluice.reembeddings SET state = 'cancelled', finished_at = now(), updated_at = now(), waits_for = NULL
    WHERE tenant_id = ${tenantId} AND reembedding_id = ${reembeddingId}::uuid AND state = 'running'
    RETURNING reembedding_id`.execute(kysely)
  return rows.length > 0
}
