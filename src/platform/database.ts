import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { openEmbedded } from './embedded/open-embedded.ts'

/** One connection: typed queries through `kysely`, and the driver's client for what Kysely does not know (COPY). */
export interface Session<Tables> {
  kysely: Kysely<Tables>
  client: pg.PoolClient
}

/**
 * A PostgreSQL, embedded or not, through one driver. `kysely` commits each statement by itself; `transaction` runs a
 * function on one connection and commits when it returns. Keep transactions short: the embedded database has one session.
 */
export interface Database<Tables> {
  kind: 'embedded' | 'postgres'
  kysely: Kysely<Tables>
  transaction<T>(run: (session: Session<Tables>) => Promise<T>): Promise<T>
  /** A transaction that only reads: all of its statements see the data as of the first one. */
  snapshot<T>(run: (session: Session<Tables>) => Promise<T>): Promise<T>
  session<T>(run: (session: Session<Tables>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type DatabaseLocation =
  | { kind: 'embedded'; dataDir: string }
  | { kind: 'postgres'; url: string; maxConnections: number }

/** Opens the database; the caller closes it. Throws `database_in_use` for an embedded one that another process holds. */
export async function openDatabase<Tables>(location: DatabaseLocation): Promise<Database<Tables>> {
  if (location.kind === 'embedded') {
    const { pool, close } = await openEmbedded(location.dataDir, types)
    return onPool('embedded', pool, close)
  }
  const pool = new pg.Pool({
    connectionString: location.url,
    max: location.maxConnections,
    types,
    application_name: 'sluice',
    connectionTimeoutMillis: 30_000,
  })
  return onPool('postgres', pool, () => pool.end())
}

/** Counts and money are 64-bit: the driver's default is a string, its numbers would lose digits. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 && format !== 'binary' ? BigInt : pg.types.getTypeParser(oid, format),
}

function onPool<Tables>(kind: Database<Tables>['kind'], pool: pg.Pool, close: () => Promise<void>): Database<Tables> {
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  async function session<T>(run: (session: Session<Tables>) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    let broken = false
    const onError = () => {
      broken = true
    }
    client.on('error', onError)
    try {
      return await run({ kysely: onClient(client), client })
    } finally {
      client.off('error', onError)
      client.release(broken)
    }
  }
  return {
    kind,
    kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins }),
    session,
    transaction: run => session(s => inTransaction(s, 'BEGIN', run)),
    snapshot: run => session(s => inTransaction(s, beginSnapshot, run)),
    close,
  }
}

/** Without compiling: plans of sums look expensive to the planner, and compiling one takes longer than they do. */
const beginSnapshot = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off'

async function inTransaction<Tables, T>(
  session: Session<Tables>,
  begin: string,
  run: (session: Session<Tables>) => Promise<T>,
): Promise<T> {
  await session.client.query(begin)
  try {
    const result = await run(session)
    await session.client.query('COMMIT')
    return result
  } catch (error) {
    await session.client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })]

/** A Kysely on a connection that somebody else holds and releases. */
function onClient<Tables>(client: pg.PoolClient): Kysely<Tables> {
  const borrowed = {
    query: client.query.bind(client) as pg.PoolClient['query'],
    release: () => {},
  }
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect: async () => borrowed, end: async () => {} } as never }),
    plugins,
  })
}
