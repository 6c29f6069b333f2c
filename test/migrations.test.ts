import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { startServer } from '../src/app/start-server.ts'
import type { Tables } from '../src/contract/tables.ts'
import type { Database } from '../src/platform/database.ts'
import { type Migration, migrate, readMigrations } from '../src/platform/migrate.sql.ts'
import { createPostgresPlace, onBothDatabases, type Place } from './harness/databases.ts'
import { openPlace } from './harness/open-place.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const real = readMigrations(`${root}migrations`)

function migration(number: number, text: string): Migration {
  const checksum = createHash('sha256').update(text).digest('hex')
  return { number, name: `${String(number).padStart(4, '0')}-test.sql`, sql: text, checksum }
}

onBothDatabases('migrations', (createPlace, kind) => {
  let place: Place
  let database: Database<Tables>
  before(async () => {
    place = await createPlace({ bare: true })
    database = await openPlace(place)
  })
  after(async () => {
    await database.close()
    await place.remove()
  })
  const tables = async (schema: string) => {
    const { rows } = await sql<{ name: string }>`
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${schema} ORDER BY 1`.execute(
      database.kysely,
    )
    return rows.map(row => row.name)
  }

  test('are applied once, however many start at once', async () => {
    // The embedded database has one user; there, five starts in one process.
    const starts = await Promise.all(
      Array.from({ length: 5 }, () => (kind === 'postgres' ? openPlace(place) : database)),
    )
    const applied = await Promise.all(starts.map(start => migrate(start, 'sluice', real)))
    for (const start of starts) if (start !== database) await start.close()
    assert.deepEqual(
      applied.filter(names => names.length > 0),
      [real.map(m => m.name)],
    )
    const { rows } = await sql<{ number: number }>`SELECT number FROM sluice.migrations ORDER BY 1`.execute(
      database.kysely,
    )
    assert.deepEqual(
      rows.map(row => row.number),
      real.map(m => m.number),
    )
  })

  test('a database with an unknown, newer migration is refused by its name', async () => {
    const newer = migration(9_999, 'CREATE TABLE newer_test.things (id int)')
    await migrate(database, 'newer_test', [newer])
    await assert.rejects(
      migrate(database, 'newer_test', [migration(1, 'CREATE TABLE newer_test.mine (id int)')]),
      (error: Error) => {
        assert.equal((error as { code?: string }).code, 'database_too_new')
        assert.match(error.message, /9999-test\.sql.*0001-test\.sql/)
        return true
      },
    )
    assert.deepEqual(await tables('newer_test'), ['migrations', 'things'])
  })

  test('a migration that was edited after it was applied is refused by its name', async () => {
    const first = migration(1, 'CREATE TABLE edited_test.things (id int)')
    await migrate(database, 'edited_test', [first])
    const edited = migration(1, 'CREATE TABLE edited_test.things (id bigint)')
    const added = migration(2, 'CREATE TABLE edited_test.more (id int)')
    await assert.rejects(migrate(database, 'edited_test', [edited, added]), (error: Error) => {
      assert.equal((error as { code?: string }).code, 'database_migration_changed')
      assert.match(error.message, /0001-test\.sql/)
      return true
    })
    assert.deepEqual(await tables('edited_test'), ['migrations', 'things'])
  })

  test('one that fails leaves nothing behind, also of those before it', async () => {
    const good = migration(1, 'CREATE TABLE failing_test.things (id int); INSERT INTO failing_test.things VALUES (1)')
    const bad = migration(2, 'CREATE TABLE failing_test.more (id int); SELECT * FROM failing_test.nothing')
    await assert.rejects(migrate(database, 'failing_test', [good, bad]), /"failing_test\.nothing" does not exist/)
    assert.deepEqual(await tables('failing_test'), [])
    const { rows } = await sql`SELECT 1 FROM pg_namespace WHERE nspname = 'failing_test'`.execute(database.kysely)
    assert.deepEqual(rows, [])
    assert.deepEqual(await migrate(database, 'failing_test', [good]), [good.name])
    assert.deepEqual(await tables('failing_test'), ['migrations', 'things'])
  })
})

test('five servers that start at once on an empty PostgreSQL all come up', {
  skip: process.env.TEST_DATABASE_URL ? false : 'TEST_DATABASE_URL is not set',
  timeout: 120_000,
}, async () => {
  const place = await createPostgresPlace({ bare: true })
  try {
    const environments = Array.from({ length: 5 }, (_, i) => ({
      ...place.environment,
      SLUICE_DATA_DIR: `${place.dataDir}/${i}`,
      SLUICE_DATABASE_CONNECTIONS: '3',
      SLUICE_PORT: '0',
      SLUICE_LOG_LEVEL: 'silent',
    }))
    const started = await Promise.allSettled(environments.map(environment => startServer(environment)))
    const ready = await Promise.all(
      started.map(async s => (s.status === 'fulfilled' ? (await fetch(`${s.value.url}/readyz`)).status : s.reason)),
    )
    for (const s of started) if (s.status === 'fulfilled') await s.value.close()
    assert.deepEqual(ready, [200, 200, 200, 200, 200])
  } finally {
    await place.remove()
  }
})

test('src/contract/tables.ts is what the migrations make', { timeout: 120_000 }, async () => {
  const run = promisify(execFile)
  await run(process.execPath, ['scripts/generate-tables.ts', '--check'], { cwd: root })
})
