import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import { type Database, openDatabase } from '../platform/database.ts'
import { migrate, readMigrations } from '../platform/migrate.sql.ts'
import { analyzeEmbedded } from './maintain.sql.ts'

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))
const dataDir = mkdtempSync(join(tmpdir(), 'sluice-maintain-'))
let database: Database<Tables>
before(async () => {
  database = await openDatabase<Tables>({ kind: 'embedded', dataDir })
  await migrate(database, 'sluice', readMigrations(migrations))
})
after(async () => {
  await database.close()
  rmSync(dataDir, { recursive: true })
})

test('a table that has grown gets statistics, and again only after it has grown much more', async () => {
  await addTenants(1, 1_000)
  assert.equal(await knownTenants(), -1, 'the database has no statistics of a new table')
  await analyzeEmbedded(database)
  assert.equal(await knownTenants(), 1_000)
  await addTenants(1_001, 1_300)
  await analyzeEmbedded(database)
  assert.equal(await knownTenants(), 1_000)
  await addTenants(1_301, 2_000)
  await analyzeEmbedded(database)
  assert.equal(await knownTenants(), 2_000)
})

async function addTenants(from: number, to: number): Promise<void> {
  await sql`INSERT INTO sluice.tenants (tenant_id) SELECT 't' || i FROM generate_series(${from}::int, ${to}::int) i`.execute(
    database.kysely,
  )
  // The counters that the chore looks at are otherwise brought up to date once a second.
  await sql`SELECT pg_stat_force_next_flush()`.execute(database.kysely)
}

/** The number of rows that the planner believes in. */
async function knownTenants(): Promise<number | undefined> {
  const { rows } = await sql<{ rows: number }>`
    SELECT reltuples::int AS rows FROM pg_class WHERE oid = 'sluice.tenants'::regclass`.execute(database.kysely)
  return rows[0]?.rows
}
