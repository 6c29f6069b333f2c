/** Writes src/contract/tables.ts from the migrated schema; with `--check` only says whether it is current. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate, PostgresDialect } from 'kysely-codegen'
import { openDatabase } from '../src/platform/database.ts'
import { migrate, readMigrations } from '../src/platform/migrate.sql.ts'

const target = fileURLToPath(new URL('../src/contract/tables.ts', import.meta.url))
const migrations = fileURLToPath(new URL('../migrations', import.meta.url))

const dataDir = await mkdtemp(join(tmpdir(), 'sluice-tables-'))
const database = await openDatabase<unknown>({ kind: 'embedded', dataDir })
try {
  await migrate(database, 'sluice', readMigrations(migrations))
  const output = await generate({
    db: database.kysely as never,
    dialect: new PostgresDialect(),
    camelCase: true,
    includePattern: 'sluice.*',
    defaultSchemas: ['public'],
    outFile: null,
  })
  const text = output
    .replace('export interface DB ', 'export interface Tables ')
    .replace(
      /^export type Int8 = .*$/m,
      '/** The driver reads int8 as bigint, see platform/database.ts. */\nexport type Int8 = ColumnType<bigint, bigint | number, bigint | number>;',
    )
  if (!process.argv.includes('--check')) await writeFile(target, text)
  else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    process.stderr.write('src/contract/tables.ts is not current: run `npm run tables` and commit the result\n')
    process.exitCode = 1
  }
} finally {
  await database.close()
  await rm(dataDir, { recursive: true })
}
