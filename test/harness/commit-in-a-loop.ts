/** Commits the numbers after the greatest one found, each said on stdout once the database has acknowledged it, until it is killed. */
import { writeSync } from 'node:fs'
import { sql } from 'kysely'
import { openDatabase } from '../../src/platform/database.ts'

const [dataDir = ''] = process.argv.slice(2)
const { kysely, transaction } = await openDatabase({ kind: 'embedded', dataDir })
await sql`CREATE TABLE IF NOT EXISTS written (number int PRIMARY KEY, filling text NOT NULL)`.execute(kysely)
await sql`CREATE UNLOGGED TABLE IF NOT EXISTS since_the_crash (number int)`.execute(kysely)
const { rows } = await sql<{ next: number }>`SELECT coalesce(max(number), 0) + 1 AS next FROM written`.execute(kysely)
for (let number = rows[0]?.next ?? 1; ; number++) {
  const filling = 'x'.repeat((number * 997) % 5_000)
  await transaction(async session => {
    await sql`INSERT INTO written VALUES (${number}, ${filling})`.execute(session.kysely)
    await sql`INSERT INTO since_the_crash VALUES (${number})`.execute(session.kysely)
  })
  writeSync(1, `${number}\n`)
}
