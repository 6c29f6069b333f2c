import { createHash, randomBytes } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openMigrated } from '../../src/app/open-migrated.ts'
import { readConfiguration } from '../../src/app/read-configuration.ts'
import { stages } from '../../src/contract/job.ts'
import { openWakeQueue } from '../../src/platform/wake-queue.ts'
import { administer } from './databases.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const cache = join(root, 'node_modules/.cache/sluice-tests')

/** Databases with all tables and nothing in them, of which each test takes a copy: making one anew is most of what a small suite does. */
export interface Templates {
  /** For databases.ts, in the processes that run tests. */
  environment: Record<string, string>
  remove(): Promise<void>
}

/** The embedded one is kept until a migration or a library changes; that on PostgreSQL is made each time. */
export async function prepareTemplates(): Promise<Templates> {
  const environment: Record<string, string> = { TEST_EMBEDDED_TEMPLATE: await prepareEmbedded() }
  const url = process.env.TEST_DATABASE_URL
  if (!url) return { environment, remove: async () => {} }
  const name = `sluice_template_${randomBytes(6).toString('hex')}`
  await administer(`CREATE DATABASE ${name}`)
  const remove = () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  try {
    await fill({ DATABASE_URL: Object.assign(new URL(url), { pathname: `/${name}` }).href })
  } catch (error) {
    await remove()
    throw error
  }
  environment.TEST_POSTGRES_TEMPLATE = name
  return { environment, remove }
}

async function prepareEmbedded(): Promise<string> {
  const template = join(cache, fingerprint())
  if (existsSync(template)) return template
  await mkdir(cache, { recursive: true })
  const aside = await mkdtemp(join(cache, 'unfinished-'))
  try {
    await fill({ SLUICE_DATA_DIR: aside, DATABASE_URL: '' })
    await rename(join(aside, 'database'), template)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return template
}

/** Makes all tables, as a server does at its first start. */
async function fill(environment: Record<string, string>): Promise<void> {
  const database = await openMigrated(readConfiguration(environment))
  const queue = await openWakeQueue(database, 'sluice_queue', stages, error => {
    throw error
  })
  await queue.stop()
  await database.close()
}

function fingerprint(): string {
  const files = [
    ...globSync('migrations/*.sql', { cwd: root }).sort(),
    'package-lock.json',
    'src/platform/wake-queue.ts',
  ]
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}
