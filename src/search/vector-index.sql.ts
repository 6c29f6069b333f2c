import { hash } from 'node:crypto'
import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { indexedType } from './search.sql.ts'

interface SpaceSize {
  spaceId: string
  dimensions: number
  vectors: number
}

/**
 * Builds an HNSW index for each vector space that has grown beyond `fromVectors` and has none; below that an exact scan is
 * fast enough and loads stay fast. Returns the spaces that got one. On PostgreSQL it is built without blocking writers.
 */
export async function indexLargeSpaces(database: Database<Tables>, fromVectors: number): Promise<string[]> {
  const { rows } = await sql<SpaceSize>`
    SELECT s.space_id, s.dimensions, count(*)::int AS vectors
    FROM sluice.embeddings e JOIN sluice.vector_spaces s USING (tenant_id, space_id)
    GROUP BY s.space_id, s.dimensions HAVING count(*) >= ${fromVectors}`.execute(database.kysely)
  const built: string[] = []
  for (const space of rows) if (await buildIndex(database, space)) built.push(space.spaceId)
  return built
}

/** True when the index was built now. An invalid one, left by an interrupted build, is built anew. */
async function buildIndex(database: Database<Tables>, space: SpaceSize): Promise<boolean> {
  const name = `embeddings_hnsw_${hash('sha256', space.spaceId).slice(0, 16)}`
  const { rows } = await sql<{ valid: boolean }>`
    SELECT i.indisvalid AS valid FROM pg_index i WHERE i.indexrelid = to_regclass(${`sluice.${name}`})`.execute(
    database.kysely,
  )
  if (rows[0]?.valid) return false
  const type = indexedType(space.dimensions)
  const literal = `'${space.spaceId.replaceAll("'", "''")}'`
  const concurrently = database.kind === 'postgres' ? 'CONCURRENTLY' : ''
  await database.session(async ({ client }) => {
    if (rows[0]) await client.query(`DROP INDEX ${concurrently} sluice.${name}`)
    await client.query(
      `CREATE INDEX ${concurrently} ${name} ON sluice.embeddings
       USING hnsw ((embedding::${type}) ${type.slice(0, type.indexOf('('))}_cosine_ops) WHERE space_id = ${literal}`,
    )
  })
  return true
}
