import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'node:test'
import pg from 'pg'

/** A place for one test's data: a scratch folder, and on a real PostgreSQL a scratch database. */
export interface Place {
  kind: 'embedded' | 'postgres'
  dataDir: string
  /** The settings that lead Sluice here. */
  environment: Record<string, string>
  remove(): Promise<void>
}

const nativeUrl = process.env.TEST_DATABASE_URL
/** To start another process for parsing costs more than what most tests have parsed. */
const oneChild = { SLUICE_PARSE_PROCESSES: '1' }

/**
 * Defines a suite twice: on the embedded database, and on the PostgreSQL of TEST_DATABASE_URL (skipped without it). Each place is a copy of a
 * template with all tables (templates.ts); tests of first starts and of migrations take places that are bare.
 */
export function onBothDatabases(
  name: string,
  define: (createPlace: (options?: { bare?: boolean }) => Promise<Place>, kind: Place['kind']) => void,
): void {
  describe(`${name} [embedded]`, () => define(createEmbeddedPlace, 'embedded'))
  const skip = nativeUrl ? false : 'TEST_DATABASE_URL is not set'
  describe(`${name} [postgres]`, { skip }, () => define(createPostgresPlace, 'postgres'))
}

/**
 * Defines a suite that is about providers and touches the databases as others do. Where both are there, `npm test` takes PostgreSQL, which is
 * the faster one; without it the embedded one, and `npm run torture` both.
 */
export function onEitherDatabase(name: string, define: Parameters<typeof onBothDatabases>[1]): void {
  if (process.env.TORTURE || !nativeUrl) onBothDatabases(name, define)
  else describe(`${name} [postgres]`, () => define(createPostgresPlace, 'postgres'))
}

export async function createEmbeddedPlace({ bare = false } = {}): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-test-'))
  const template = process.env.TEST_EMBEDDED_TEMPLATE
  if (template && !bare)
    await cp(template, join(dataDir, 'database'), { recursive: true, mode: constants.COPYFILE_FICLONE })
  return {
    kind: 'embedded',
    dataDir,
    environment: { ...oneChild, SLUICE_DATA_DIR: dataDir, DATABASE_URL: '' },
    remove: () => rm(dataDir, { recursive: true, force: true, maxRetries: 3 }),
  }
}

export async function createPostgresPlace({ bare = false } = {}): Promise<Place> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-test-'))
  const name = `sluice_test_${randomBytes(6).toString('hex')}`
  const template = process.env.TEST_POSTGRES_TEMPLATE
  await administer(`CREATE DATABASE ${name}${template && !bare ? ` TEMPLATE ${template}` : ''}`)
  const url = new URL(nativeUrl ?? '')
  url.pathname = `/${name}`
  return {
    kind: 'postgres',
    dataDir,
    environment: { ...oneChild, SLUICE_DATA_DIR: dataDir, DATABASE_URL: url.href },
    async remove() {
      await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Runs a statement in the server of TEST_DATABASE_URL. */
export async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: nativeUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
