import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stages } from '../contract/job.ts'
import type { Tables } from '../contract/tables.ts'
import type { JobKey } from '../jobs/move-jobs.sql.ts'
import { type BlobStore, openBlobFolder } from '../platform/blob-folder.fs.ts'
import { type ChildPool, createChildPool } from '../platform/child-pool.ts'
import type { Database } from '../platform/database.ts'
import { siblingModule } from '../platform/sibling-module.ts'
import { openWakeQueue, type WakeQueue } from '../platform/wake-queue.ts'
import type { Closing } from './closing.ts'
import { openMigrated } from './open-migrated.ts'
import type { Configuration } from './settings.ts'

/** What everything else stands on. */
export interface Stores {
  database: Database<Tables>
  blobs: BlobStore
  queue: WakeQueue<JobKey>
  pool: ChildPool
}

const childModule = fileURLToPath(siblingModule(import.meta.url, 'child'))

/** Opens the database, with its tables up to date, the blobs, the queue, and the child processes that read documents. */
export async function openStores(
  configuration: Configuration,
  closing: Closing,
  newId: () => string,
  onError: (error: unknown) => void,
): Promise<Stores> {
  const database = await openMigrated(configuration)
  closing.add(() => database.close())
  const exclusive = database.kind === 'embedded'
  const blobs = await openBlobFolder(join(configuration.dataDir, 'blobs'), newId, exclusive)
  const queue = await openWakeQueue<JobKey, Tables>(database, 'sluice_queue', stages, onError)
  closing.add(() => queue.stop())
  const size = configuration.parseProcesses || availableParallelism()
  const pool = createChildPool({ modulePath: childModule, size, memoryLimitMb: configuration.parseMemoryMb })
  closing.add(() => pool.close())
  return { database, blobs, queue, pool }
}
