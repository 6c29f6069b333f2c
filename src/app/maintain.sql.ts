import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { BlobStore } from '../platform/blob-folder.fs.ts'
import type { Database } from '../platform/database.ts'

const idempotencyKeptFor = '7 days'
const blobGraceMs = 3600_000

/** Forgets old idempotency keys and deletes blobs that no document refers to. */
export async function cleanUp(database: Database<Tables>, blobs: BlobStore): Promise<void> {
  await sql`DELETE FROM sluice.idempotency_keys WHERE created_at < now() - ${idempotencyKeptFor}::interval`.execute(
    database.kysely,
  )
  for await (const { owner, sha256 } of blobs.list(blobGraceMs)) {
    const { rows } = await sql`
      SELECT 1 FROM sluice.documents WHERE tenant_id = ${owner} AND sha256 = ${sha256}`.execute(database.kysely)
    if (rows.length === 0) await blobs.removeOld(owner, sha256, blobGraceMs)
  }
}

/** The embedded database has no background workers: what autovacuum and the checkpointer do elsewhere is done here. */
export async function vacuumEmbedded(database: Database<Tables>): Promise<void> {
  await sql`VACUUM (ANALYZE)`.execute(database.kysely)
}

/** Of a table that is filled and emptied all the time. */
export async function vacuumChanges(database: Database<Tables>): Promise<void> {
  await sql`VACUUM sluice.spending_changes`.execute(database.kysely)
}

export async function checkpointEmbedded(database: Database<Tables>): Promise<void> {
  await sql`CHECKPOINT`.execute(database.kysely)
}

/**
 * Collects statistics on tables of which more than a third has changed since the last time, as autovacuum would: without any, the
 * planner takes a tenant for a few rows and joins accordingly. Few samples are enough, and the database waits meanwhile.
 */
export async function analyzeEmbedded(database: Database<Tables>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    SELECT relid::regclass::text AS name FROM pg_stat_user_tables
    WHERE n_mod_since_analyze > 200 + n_live_tup / 3`.execute(database.kysely)
  for (const { name } of rows) {
    await database.transaction(async ({ client }) => {
      await client.query('SET LOCAL default_statistics_target = 20')
      await client.query(`ANALYZE ${name}`)
    })
  }
}
