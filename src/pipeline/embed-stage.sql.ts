import { sql } from 'kysely'
import type { Attempt } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import { copyIn } from '../platform/copy-in.ts'
import { encodeCopyRows } from '../platform/copy-rows.ts'
import type { Database, Session } from '../platform/database.ts'
import type { WantedText } from './text-order.ts'

/** A text without a vector in its version's space, and the versions (of those asked for) that need it. */
export interface MissingText extends WantedText {
  spaceId: string
  versionIds: string[]
}

/** The attempts are all of one tenant. For `OFFSET 0` see chunk-stage.sql.ts. */
export async function readMissingTexts(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  attempts: readonly Attempt[],
): Promise<MissingText[]> {
  const tenantId = attempts[0]?.tenantId
  const { rows } = await sql<MissingText>`
    SELECT v.space_id, c.text_hash, min(c.token_count) AS token_count, array_agg(DISTINCT a.version_id::text) AS version_ids
    FROM unnest(${attempts.map(a => a.versionId)}::uuid[]) AS a(version_id)
    CROSS JOIN LATERAL (
      SELECT space_id FROM sluice.versions WHERE tenant_id = ${tenantId} AND version_id = a.version_id OFFSET 0) v
    CROSS JOIN LATERAL (
      SELECT text_hash, token_count, ordinal FROM sluice.chunks
      WHERE tenant_id = ${tenantId} AND version_id = a.version_id OFFSET 0) c
    LEFT JOIN LATERAL (
      SELECT true AS found FROM sluice.embeddings
      WHERE tenant_id = ${tenantId} AND space_id = v.space_id AND text_hash = c.text_hash OFFSET 0) e ON true
    WHERE e.found IS NULL
    GROUP BY v.space_id, c.text_hash
    ORDER BY v.space_id, min(a.version_id::text), min(c.ordinal)`.execute(kysely)
  return rows
}

/**
 * By job: the tokens of its version's different texts, without those that were booked on the job, and the space that they are in. Less than a hundredth is no text
 * that was found again, but the provider's own way of counting. For `OFFSET 0` see chunk-stage.sql.ts.
 */
export async function readAvoidedTokens(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  attempts: readonly Attempt[],
): Promise<Map<string, { tokens: number; spaceId: string }>> {
  const { rows } = await sql<{ jobId: string; spaceId: string; tokens: number }>`
    SELECT a.job_id, v.space_id, (needed.tokens - booked.tokens)::int AS tokens
    FROM unnest(${attempts.map(a => a.tenantId)}::text[], ${attempts.map(a => a.jobId)}::uuid[],
      ${attempts.map(a => a.versionId)}::uuid[]) AS a(tenant_id, job_id, version_id)
    CROSS JOIN LATERAL (
      SELECT space_id FROM sluice.versions WHERE tenant_id = a.tenant_id AND version_id = a.version_id OFFSET 0) v
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(token_count), 0) AS tokens FROM (
        SELECT DISTINCT ON (text_hash) text_hash, token_count FROM sluice.chunks
        WHERE tenant_id = a.tenant_id AND version_id = a.version_id OFFSET 0) t) needed
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(units), 0) AS tokens FROM sluice.ledger_entries
      WHERE tenant_id = a.tenant_id AND job_id = a.job_id AND service = 'embed' OFFSET 0) booked
    WHERE needed.tokens - booked.tokens > needed.tokens / 100`.execute(kysely)
  return new Map(rows.map(row => [row.jobId, row]))
}

/** The texts themselves, in the order asked for. */
export async function readTexts(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  tenantId: string,
  wanted: readonly WantedText[],
): Promise<{ text: string; tokenCount: number }[]> {
  const { rows } = await sql<{ textHash: Buffer; text: string }>`
    SELECT DISTINCT ON (text_hash) text_hash, text FROM sluice.chunks
    WHERE tenant_id = ${tenantId} AND text_hash = ANY(${wanted.map(w => w.textHash)}::bytea[])`.execute(kysely)
  const texts = new Map(rows.map(row => [row.textHash.toString('hex'), row.text]))
  return wanted.map(({ textHash, tokenCount }) => {
    const text = texts.get(textHash.toString('hex'))
    if (text === undefined) throw new Error(`no chunk has the text with hash ${textHash.toString('hex')} any more`)
    return { text, tokenCount }
  })
}

export interface NewEmbeddings {
  tenantId: string
  spaceId: string
  vectors: readonly { textHash: Buffer; vector: Float32Array }[]
}

const columns = 'tenant_id, space_id, text_hash, embedding'

/** Stores vectors by COPY; if another worker stored some of them meanwhile, through a staging table that leaves those alone. */
export async function saveEmbeddings(
  database: Database<Tables>,
  embeddings: NewEmbeddings,
  alsoSave: (session: Session<Tables>) => Promise<void>,
): Promise<void> {
  const rows = encodeCopyRows(
    embeddings.vectors.map(({ textHash, vector }) => [
      { text: embeddings.tenantId },
      { text: embeddings.spaceId },
      { bytes: textHash },
      { vector },
    ]),
  )
  try {
    await database.transaction(async session => {
      await copyIn(session.client, `COPY sluice.embeddings (${columns}) FROM STDIN (FORMAT binary)`, rows)
      await alsoSave(session)
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    await database.transaction(async session => {
      await session.client.query('CREATE TEMP TABLE new_embeddings (LIKE sluice.embeddings) ON COMMIT DROP')
      await copyIn(session.client, `COPY new_embeddings (${columns}) FROM STDIN (FORMAT binary)`, rows)
      await session.client.query('INSERT INTO sluice.embeddings SELECT * FROM new_embeddings ON CONFLICT DO NOTHING')
      await alsoSave(session)
    })
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
