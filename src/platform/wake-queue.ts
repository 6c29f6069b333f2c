import { PgBoss } from 'pg-boss'
import type { Database, Session } from './database.ts'

type Connection = Pick<Session<never>, 'client'>
interface BossDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/**
 * Wakes workers of any process, in order of priority; delivery is at least once, and a lost or doubled wake-up does no harm,
 * because the receiver looks at the truth elsewhere. Built on pg-boss, in the same database.
 */
export interface WakeQueue<Item extends object> {
  /** Sends wake-ups as part of the session's transaction; call `nudge` after the commit. */
  send(connection: Connection, name: string, items: readonly Item[], options?: SendOptions): Promise<void>
  /** Whether wake-ups lie in the queue that nobody has received yet, delayed ones not counted. */
  hasReady(connection: Connection, name: string): Promise<boolean>
  /** Makes this process look for wake-ups now rather than at its next poll. */
  nudge(name: string): void
  /** Receives wake-ups; the next ones come when the promise is settled. */
  receive(name: string, batchSize: number, receiver: (items: Item[]) => Promise<void>): Promise<void>
  stop(): Promise<void>
}
export interface SendOptions {
  priority?: number
  startAfterMs?: number
}

/** Of the embedded database no other process has sent anything, and what this one sends for the next minute it looks for by itself. */
const pollingIntervalSeconds = { postgres: 0.5, embedded: 2 }
/** By then a transaction that sends has mostly been committed. */
const commitMs = 20

/** Creates pg-boss's own tables in `schema` if needed and one queue for each name. */
export async function openWakeQueue<Item extends object, Tables>(
  database: Database<Tables>,
  schema: string,
  names: readonly string[],
  onError: (error: Error) => void,
): Promise<WakeQueue<Item>> {
  await createSchema(database, schema)
  const boss = new PgBoss({
    db: onPool(database),
    backend: database.kind === 'embedded' ? 'pglite' : 'postgres',
    schema,
    schedule: false,
    monitorVacuum: false,
    reindex: false,
  })
  boss.on('error', onError)
  await boss.start()
  for (const name of names) {
    // The job row is the truth and the sweeper wakes again what was lost: nothing is retried here.
    await boss.createQueue(name, {
      retryLimit: 0,
      expireInSeconds: 3600,
      deleteAfterSeconds: 3600,
      retentionSeconds: 14 * 86400,
    })
  }
  const workers = new Map<string, string[]>()
  const nudge = (name: string) => {
    for (const id of workers.get(name) ?? []) boss.notifyWorker(id)
  }
  return {
    async send(connection, name, items, options = {}) {
      if (items.length === 0) return
      const startAfter = options.startAfterMs ? new Date(Date.now() + options.startAfterMs) : undefined
      const jobs = items.map(data => ({ data, priority: options.priority ?? 0, ...(startAfter && { startAfter }) }))
      await boss.insert(name, jobs, { db: onConnection(connection) })
      const { startAfterMs = 0 } = options
      if (database.kind === 'embedded' && startAfterMs < 60_000)
        setTimeout(nudge, startAfterMs + commitMs, name).unref()
    },
    async hasReady({ client }, name) {
      const { rows } = await client.query<{ ready: boolean }>(
        `SELECT EXISTS (SELECT 1 FROM ${schema}.job WHERE name = $1 AND state < 'active' AND start_after <= now()) AS ready`,
        [name],
      )
      return rows[0]?.ready ?? false
    },
    nudge,
    async receive(name, batchSize, receiver) {
      const polling = { pollingIntervalSeconds: pollingIntervalSeconds[database.kind] }
      const options = { batchSize, ...polling, burstWhenBatchFull: batchSize > 1 }
      const id = await boss.work<Item>(name, options, async jobs => await receiver(jobs.map(job => job.data)))
      workers.set(name, [...(workers.get(name) ?? []), id])
    },
    stop: () => boss.stop({ graceful: true, close: false, timeout: 10_000 }),
  }
}

/** CREATE SCHEMA IF NOT EXISTS fails when two do it at the same moment, as servers that start together do, so it waits its turn. */
async function createSchema<Tables>(database: Database<Tables>, schema: string): Promise<void> {
  await database.transaction(async ({ client }) => {
    await client.query('SELECT pg_advisory_xact_lock(7360002)')
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
  })
}

function onPool<Tables>(database: Database<Tables>): BossDatabase {
  return { executeSql: (text, values) => database.session(session => run(session, text, values)) }
}

function onConnection(connection: Connection): BossDatabase {
  return { executeSql: (text, values) => run(connection, text, values) }
}

async function run({ client }: Connection, text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  const begins = /^\s*BEGIN\b/i.test(text)
  try {
    // A text of several statements answers with an array of results.
    const result: unknown = await client.query(text, values as unknown[])
    const results = (Array.isArray(result) ? result : [result]) as { rows: unknown[] }[]
    return { rows: results.flatMap(r => r.rows) }
  } catch (error) {
    if (begins) await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
