import { sql } from 'kysely'
import type { ServerReport } from '../contract/server-report.ts'
import type { Tables } from '../contract/tables.ts'
import { type LivingProcess, readProcesses } from '../jobs/processes.sql.ts'
import { countUnfinishedJobs } from '../jobs/read-jobs.sql.ts'
import type { Database } from '../platform/database.ts'
import { readDisk } from '../platform/disk.fs.ts'
import { findTessdata } from '../providers/local/tessdata.fs.ts'
import type { Services } from './create-services.ts'
import { describeConfiguration } from './read-configuration.ts'
import type { Configuration } from './settings.ts'
import { version } from './version.ts'

export interface ReportParts {
  configuration: Configuration
  environment: Record<string, string | undefined>
  database: Database<Tables>
  services: Services
  startedAt: Date
}

/** Looks at everything that an operator would look at first. Costs nothing: no provider is called. */
export async function report(parts: ReportParts): Promise<ServerReport> {
  const { configuration, environment, database, services, startedAt } = parts
  const { spaceId: _, ...space } = services.spaces.configured
  return {
    version,
    node: process.version,
    pid: process.pid,
    startedAt: startedAt.toISOString(),
    settings: describeConfiguration(environment),
    checks: [await checkDatabase(database), await checkDisk(configuration.dataDir), await checkOcr(configuration)],
    services: services.describe(),
    space,
    jobs: await countUnfinishedJobs(database),
    processes: (await readProcesses(database)).map(viewProcess),
    databaseBytes: await readDatabaseSize(database),
  }
}

function viewProcess({
  host,
  pid,
  startedAt,
  runningJobs,
  ...vitals
}: LivingProcess): ServerReport['processes'][number] {
  const bytes = (count: bigint | null) => (count === null ? null : Number(count))
  return {
    host,
    pid,
    startedAt: startedAt.toISOString(),
    memoryBytes: bytes(vitals.memoryBytes),
    diskFreeBytes: bytes(vitals.diskFreeBytes),
    diskSizeBytes: bytes(vitals.diskSizeBytes),
    runningJobs,
  }
}

async function readDatabaseSize({ kysely }: Database<Tables>): Promise<number> {
  const { rows } = await sql<{ bytes: bigint }>`SELECT pg_database_size(current_database()) AS bytes`.execute(kysely)
  return Number(rows[0]?.bytes ?? 0)
}

type Check = ServerReport['checks'][number]

async function checkDatabase(database: Database<Tables>): Promise<Check> {
  try {
    const { rows } = await sql<{ server: string; vector: string }>`
      SELECT current_setting('server_version') AS server,
        (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS vector`.execute(database.kysely)
    const found = rows[0]
    return {
      name: 'database',
      ok: true,
      detail: `${database.kind}, PostgreSQL ${found?.server}, pgvector ${found?.vector}`,
    }
  } catch (error) {
    return { name: 'database', ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

async function checkDisk(dataDir: string): Promise<Check> {
  const freeGiB = (await readDisk(dataDir)).freeBytes / 2 ** 30
  return { name: 'disk', ok: freeGiB > 1, detail: `${freeGiB.toFixed(1)} GiB free in ${dataDir}` }
}

async function checkOcr({ ocr }: Configuration): Promise<Check> {
  if (ocr === 'off') return { name: 'ocr', ok: true, detail: 'switched off; scanned PDFs fail with a reason' }
  const found = await findTessdata('eng', undefined)
  const detail = found
    ? 'Tesseract language data found; scanned PDFs are read'
    : 'no Tesseract language data; scanned PDFs fail with a reason'
  return { name: 'ocr', ok: true, detail }
}
