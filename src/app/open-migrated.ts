import { fileURLToPath } from 'node:url'
import type { Tables } from '../contract/tables.ts'
import { type Database, openDatabase } from '../platform/database.ts'
import { migrate, readMigrations } from '../platform/migrate.sql.ts'
import type { Configuration } from './settings.ts'

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** Opens the configured database and brings its tables up to date. */
export async function openMigrated({
  databaseUrl,
  databaseConnections,
  dataDir,
}: Configuration): Promise<Database<Tables>> {
  const database = await openDatabase<Tables>(
    databaseUrl === ''
      ? { kind: 'embedded', dataDir }
      : { kind: 'postgres', url: databaseUrl, maxConnections: databaseConnections },
  )
  try {
    await migrate(database, 'sluice', readMigrations(migrationsFolder))
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
