import { sql } from 'kysely'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Writer = Pick<Session<Tables>, 'kysely'>

/** How a process is. */
export interface Vitals {
  memoryBytes: number
  diskFreeBytes: number
  diskSizeBytes: number
}

/** Of a process that is listed among the living. */
export async function noteVitals({ kysely }: Writer, workerId: string, vitals: Vitals): Promise<void> {
  const { memoryBytes, diskFreeBytes, diskSizeBytes } = vitals
  await sql`
    UPDATE sluice.workers SET memory_bytes = ${memoryBytes}, disk_free_bytes = ${diskFreeBytes}, disk_size_bytes = ${diskSizeBytes}
    WHERE worker_id = ${workerId}::uuid`.execute(kysely)
}

export interface LivingProcess {
  workerId: string
  host: string
  pid: number
  startedAt: Date
  heartbeatAt: Date
  memoryBytes: bigint | null
  diskFreeBytes: bigint | null
  diskSizeBytes: bigint | null
  runningJobs: number
}

/** Those that gave a sign of life within 15 seconds, the oldest first. */
export async function readProcesses({ kysely }: Writer): Promise<LivingProcess[]> {
  const { rows } = await sql<LivingProcess>`
    SELECT w.worker_id, w.host, w.pid, w.started_at, w.heartbeat_at, w.memory_bytes, w.disk_free_bytes, w.disk_size_bytes,
      (SELECT count(*)::int FROM sluice.jobs j WHERE j.owner = w.worker_id) AS running_jobs
    FROM sluice.workers w WHERE w.heartbeat_at > now() - interval '15 seconds' ORDER BY w.started_at, w.worker_id`.execute(
    kysely,
  )
  return rows
}
