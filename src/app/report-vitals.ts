import type { Tables } from '../contract/tables.ts'
import { noteVitals } from '../jobs/processes.sql.ts'
import type { Database } from '../platform/database.ts'
import { readDisk } from '../platform/disk.fs.ts'
import { repeat } from '../platform/repeat.ts'

const everyMs = 10_000

/** Tells the others how this process is: its memory, and the disk that its data lies on. */
export function reportVitals(
  database: Database<Tables>,
  processId: string,
  dataDir: string,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  const report = async () => {
    const { freeBytes, sizeBytes } = await readDisk(dataDir)
    const vitals = { memoryBytes: process.memoryUsage.rss(), diskFreeBytes: freeBytes, diskSizeBytes: sizeBytes }
    await noteVitals(database, processId, vitals)
  }
  void report().catch(onError)
  return repeat(report, everyMs, onError)
}
