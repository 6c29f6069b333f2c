import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { AppError } from '../../contract/failure.ts'
import { siblingModule } from '../sibling-module.ts'
import { lockDirectory } from './lock.fs.ts'
import type { DatabaseThreadOptions, FromDatabase, ToDatabase } from './messages.ts'
import { WireStream } from './wire-stream.ts'

export interface EmbeddedServer {
  /** A node-postgres pool of one connection: PGlite has one session, and the pool is the queue before it. */
  pool: pg.Pool
  close(): Promise<void>
}

const templatePath = fileURLToPath(new URL('../../../assets/embedded-template.tar.br', import.meta.url))

/**
 * Opens the embedded PostgreSQL in `<dataDir>/database`, in a thread of its own, under a directory lock. Throws
 * `database_in_use` when another process holds the lock.
 */
export async function openEmbedded(dataDir: string, types: pg.CustomTypesConfig): Promise<EmbeddedServer> {
  mkdirSync(dataDir, { recursive: true })
  const lock = lockDirectory(dataDir)
  try {
    const thread = await startThread({ dataDir: join(dataDir, 'database'), templatePath })
    const pool = createPool(thread, types)
    return { pool, close: () => close(pool, thread).finally(() => lock.release()) }
  } catch (error) {
    lock.release()
    throw error
  }
}

async function startThread(options: DatabaseThreadOptions): Promise<Worker> {
  const thread = new Worker(siblingModule(import.meta.url, 'database-thread'), { workerData: options })
  const opened = await nextMessage(thread)
  if (opened.kind !== 'open') {
    await thread.terminate()
    const why = opened.kind === 'failed' ? opened.message : opened.kind
    throw new AppError('database_unavailable', `The embedded database in ${options.dataDir} did not open: ${why}`)
  }
  return thread
}

function nextMessage(thread: Worker): Promise<FromDatabase> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
  })
}

function createPool(thread: Worker, types: pg.CustomTypesConfig): pg.Pool {
  let connections = 0
  return new pg.Pool({
    max: 1,
    idleTimeoutMillis: 0,
    user: 'postgres',
    database: 'postgres',
    types,
    // node-postgres only needs a duplex with connect(); its types ask for a whole net.Socket.
    stream: () => new WireStream(thread, connections++) as never,
  })
}

async function close(pool: pg.Pool, thread: Worker): Promise<void> {
  await pool.end()
  // One that has ended by itself cannot say that it is closed.
  if (thread.threadId === -1) return
  const closed = nextClosed(thread)
  thread.postMessage({ kind: 'close' } satisfies ToDatabase)
  await closed
  await thread.terminate()
}

function nextClosed(thread: Worker): Promise<void> {
  return new Promise(resolve => {
    thread.on('message', (message: FromDatabase) => message.kind === 'closed' && resolve())
    thread.once('exit', () => resolve())
  })
}
