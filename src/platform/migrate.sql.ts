import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../contract/failure.ts'
import type { Database, Session } from './database.ts'

export interface Migration {
  number: number
  name: string
  sql: string
  checksum: string
}

/** Reads `NNNN-name.sql` files, ordered by number. */
export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory)
    .filter(file => /^\d{4}-.*\.sql$/.test(file))
    .sort()
    .map(file => {
      const sql = readFileSync(join(directory, file), 'utf8')
      return {
        number: Number(file.slice(0, 4)),
        name: file,
        sql,
        checksum: createHash('sha256').update(sql).digest('hex'),
      }
    })
}

/**
 * Brings the schema `schema` up to date in one transaction, under a lock that other starting processes wait for.
 * Returns the names of the applied migrations. Throws `database_too_new`, `database_migration_changed` or
 * `database_unsupported`; then nothing has changed.
 */
export async function migrate<Tables>(
  database: Database<Tables>,
  schema: string,
  migrations: Migration[],
): Promise<string[]> {
  return await database.transaction(async session => {
    await session.client.query(`SELECT pg_advisory_xact_lock(hashtext('${schema}.migrations'))`)
    await checkServer(session)
    const applied = await readApplied(session, schema)
    checkApplied(applied, migrations)
    const missing = migrations.filter(m => !applied.has(m.number))
    for (const migration of missing) await apply(session, schema, migration)
    return missing.map(m => m.name)
  })
}

async function checkServer({ client }: Pick<Session<never>, 'client'>): Promise<void> {
  const { rows } = await client.query(`SELECT current_setting('server_version_num')::int AS version,
    (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS vector`)
  const { version, vector } = rows[0] as { version: number; vector: string | null }
  if (version < 150_000) {
    throw new AppError(
      'database_unsupported',
      `The server is PostgreSQL ${Math.floor(version / 10_000)}; 15 is the oldest that works.`,
    )
  }
  if (!vector) throw new AppError('database_unsupported', 'The server has no pgvector extension.')
  const [major = 0, minor = 0] = vector.split('.').map(Number)
  if (major === 0 && minor < 8) {
    throw new AppError('database_unsupported', `The server has pgvector ${vector}; 0.8 is the oldest that works.`)
  }
}

async function readApplied(
  { client }: Pick<Session<never>, 'client'>,
  schema: string,
): Promise<Map<number, { name: string; checksum: string }>> {
  const exists = await client.query('SELECT to_regclass($1) AS found', [`${schema}.migrations`])
  if (exists.rows[0].found === null) {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
    await client.query(`CREATE TABLE ${schema}.migrations (number int PRIMARY KEY, name text NOT NULL,
      checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`)
    return new Map()
  }
  const { rows } = await client.query(`SELECT number, name, checksum FROM ${schema}.migrations ORDER BY number`)
  return new Map(rows.map(row => [row.number, row]))
}

function checkApplied(applied: Map<number, { name: string; checksum: string }>, migrations: Migration[]): void {
  for (const [number, { name, checksum }] of applied) {
    const known = migrations.find(m => m.number === number)
    if (!known) {
      const newest = migrations.at(-1)?.name ?? 'none'
      throw new AppError(
        'database_too_new',
        `The database has migration ${name}; this Sluice knows them up to ${newest}.`,
      )
    }
    if (known.checksum !== checksum) {
      throw new AppError('database_migration_changed', `Migration ${name} differs from the one that was applied.`)
    }
  }
}

async function apply({ client }: Pick<Session<never>, 'client'>, schema: string, migration: Migration): Promise<void> {
  await client.query(migration.sql)
  await client.query(`INSERT INTO ${schema}.migrations (number, name, checksum) VALUES ($1, $2, $3)`, [
    migration.number,
    migration.name,
    migration.checksum,
  ])
}
