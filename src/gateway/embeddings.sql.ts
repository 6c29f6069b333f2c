import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import { copyIn } from '../platform/copy-in.ts'
import { encodeCopyRows } from '../platform/copy-rows.ts'
import type { Database, Session } from '../platform/database.ts'

/** One text of one tenant in one vector space. */
export interface VectorKey {
  tenantId: string
  spaceId: string
  textHash: Buffer
}

/** The stored vectors, in the order of the keys; null where there is none. For `OFFSET 0` see chunk-stage.sql.ts. */
export async function readVectors(
  { kysely }: Pick<Session<Tables>, 'kysely'>,
  keys: readonly VectorKey[],
): Promise<(Float32Array | null)[]> {
  const { rows } = await sql<{ place: number; sent: Buffer }>`
    SELECT k.place::int AS place, e.sent
    FROM unnest(${keys.map(k => k.tenantId)}::text[], ${keys.map(k => k.spaceId)}::text[],
      ${keys.map(k => k.textHash)}::bytea[]) WITH ORDINALITY AS k(tenant_id, space_id, text_hash, place)
    CROSS JOIN LATERAL (
      SELECT vector_send(embedding) AS sent FROM sluice.embeddings
      WHERE tenant_id = k.tenant_id AND space_id = k.space_id AND text_hash = k.text_hash OFFSET 0) e`.execute(kysely)
  const vectors = keys.map((): Float32Array | null => null)
  for (const { place, sent } of rows) vectors[place - 1] = toVector(sent)
  return vectors
}

/** pgvector's binary form: int16 dimensions, int16 zero, then big-endian float32. */
function toVector(sent: Buffer): Float32Array {
  const vector = new Float32Array((sent.length - 4) / 4)
  const bytes = Buffer.from(vector.buffer)
  sent.copy(bytes, 0, 4)
  bytes.swap32()
  return vector
}

const columns = 'tenant_id, space_id, text_hash, embedding'

/**
 * Stores vectors by COPY, in one transaction with what `alsoSave` does; if somebody else stored some of them meanwhile, through a staging
 * table that leaves those alone.
 */
export async function saveVectors(
  database: Database<Tables>,
  vectors: readonly (VectorKey & { vector: Float32Array })[],
  alsoSave: (session: Session<Tables>) => Promise<void>,
): Promise<void> {
  const rows = encodeCopyRows(
    vectors.map(({ tenantId, spaceId, textHash, vector }) => [
      { text: tenantId },
      { text: spaceId },
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
      await session.client.query('CREATE TEMP TABLE bought_embeddings (LIKE sluice.embeddings) ON COMMIT DROP')
      await copyIn(session.client, `COPY bought_embeddings (${columns}) FROM STDIN (FORMAT binary)`, rows)
      await session.client.query(
        'INSERT INTO sluice.embeddings SELECT * FROM bought_embeddings ORDER BY tenant_id, space_id, text_hash ON CONFLICT DO NOTHING',
      )
      await alsoSave(session)
    })
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
