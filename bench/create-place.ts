import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Tables } from '../src/contract/tables.ts'
import { type Database, type DatabaseLocation, openDatabase } from '../src/platform/database.ts'

export type DatabaseKind = 'embedded' | 'postgres'

/** An empty data folder, and on PostgreSQL an empty database, for one measurement. */
export interface Place {
  kind: DatabaseKind
  dataDir: string
  /** The settings that lead Sluice here. */
  environment: Record<string, string>
  /** Opens the database as the server does; on the embedded one the server must be closed. */
  open(maxConnections?: number): Promise<Database<Tables>>
  remove(): Promise<void>
}

/** The server in which scratch databases are made; null when none is given. */
export const postgresUrl = process.env.TEST_DATABASE_URL || process.env.DATABASE_URL || null

export async function createPlace(kind: DatabaseKind): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-bench-'))
  const database = kind === 'postgres' ? `sluice_bench_${randomBytes(6).toString('hex')}` : null
  if (database !== null) await administer(`CREATE DATABASE ${database}`)
  const url = database === null ? '' : Object.assign(new URL(postgresUrl ?? ''), { pathname: `/${database}` }).href
  const locate = (maxConnections: number): DatabaseLocation =>
    kind === 'embedded' ? { kind, dataDir } : { kind, url, maxConnections }
  return {
    kind,
    dataDir,
    environment: { SLUICE_DATA_DIR: dataDir, DATABASE_URL: url },
    open: (maxConnections = 2) => openDatabase<Tables>(locate(maxConnections)),
    async remove() {
      if (database !== null) await administer(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl ?? '' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
