import pg from 'pg'
import type { Place } from './databases.ts'

/** A dead worker's jobs are free when its heartbeat is 15 s old; on the embedded database at once. Here that time passes. */
export async function letTheDeadGoCold({ environment }: Place): Promise<void> {
  if (!environment.DATABASE_URL) return
  const client = new pg.Client({ connectionString: environment.DATABASE_URL })
  await client.connect()
  await client.query(`UPDATE sluice.workers SET heartbeat_at = heartbeat_at - interval '1 minute'`)
  await client.end()
}
