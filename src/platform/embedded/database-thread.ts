/** Entry of the database thread: PGlite with pgvector on disk, spoken to in the PostgreSQL wire protocol. */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { DurableNodeFs } from './durable-node-fs.ts'
import type { DatabaseThreadOptions, FromDatabase, ToDatabase } from './messages.ts'
import { unpackTemplate } from './unpack-template.fs.ts'

// PGlite's defaults without `-F` (fsync off), see durable-node-fs.ts.
const startParams = [
  ...PGlite.defaultStartParams.filter(param => param !== '-F'),
  ...['-c', 'wal_sync_method=fsync'],
  ...['-c', 'shared_buffers=64MB'],
  ...['-c', 'maintenance_work_mem=64MB'],
  ...['-c', 'max_wal_size=256MB'],
]

const options = workerData as DatabaseThreadOptions

async function open(): Promise<{ database: PGlite; fresh: boolean }> {
  const fresh = !existsSync(join(options.dataDir, 'PG_VERSION'))
  if (fresh && options.templatePath !== null) await unpackTemplate(options.templatePath, options.dataDir)
  const database = await PGlite.create({ fs: new DurableNodeFs(options.dataDir), extensions: { vector }, startParams })
  return { database, fresh }
}

function say(message: FromDatabase): void {
  const transfer = message.kind === 'wire' ? [message.bytes.buffer as ArrayBuffer] : []
  parentPort?.postMessage(message, transfer)
}

/** A connection that ends in the middle of a transaction must not leave it open for the next one. */
const rollback = new Uint8Array([0x51, 0, 0, 0, 13, ...new TextEncoder().encode('ROLLBACK\0')])

async function serve(): Promise<void> {
  const { database, fresh } = await open()
  parentPort?.on('message', (message: ToDatabase) => {
    if (message.kind === 'wire') {
      const bytes = new Uint8Array(database.execProtocolRawSync(message.bytes))
      say({ kind: 'wire', connection: message.connection, bytes })
    } else if (message.kind === 'disconnect') {
      database.execProtocolRawSync(rollback)
    } else {
      void database.close().then(() => say({ kind: 'closed' }))
    }
  })
  // A SIGKILL leaves this file behind; nobody but the holder of our own lock gets here, so it is stale.
  rmSync(join(options.dataDir, 'postmaster.pid'), { force: true })
  say({ kind: 'open', fresh })
}

serve().catch(error => say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }))
