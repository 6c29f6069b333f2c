/** Commits as many rows as the second argument says, one by one, and prints how many lines NOTE_FSYNCS_IN had before and after. */
import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { openDatabase } from '../../src/platform/database.ts'

const [dataDir = '', count = '1'] = process.argv.slice(2)
const synced = () =>
  readFileSync(process.env.NOTE_FSYNCS_IN ?? '', 'utf8')
    .split('\n')
    .filter(path => path.includes('/pg_wal/')).length

const { kysely, close } = await openDatabase({ kind: 'embedded', dataDir })
await sql`CREATE TABLE written (number int)`.execute(kysely)
const before = synced()
for (let i = 0; i < Number(count); i++) await sql`INSERT INTO written VALUES (${i})`.execute(kysely)
process.stdout.write(`${synced() - before}\n`)
await close()
