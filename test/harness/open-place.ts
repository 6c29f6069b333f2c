import type { Tables } from '../../src/contract/tables.ts'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import type { Place } from './databases.ts'

/** The database of a place, to look into it when no server runs there (the embedded one has one user at a time). */
export async function openPlace(place: Place): Promise<Database<Tables>> {
  const url = place.environment.DATABASE_URL ?? ''
  return await openDatabase<Tables>(
    url === '' ? { kind: 'embedded', dataDir: place.dataDir } : { kind: 'postgres', url, maxConnections: 2 },
  )
}
