import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

export interface Pooler {
  /** The same server as `databaseUrl`, by way of the pooler. */
  urlFor(databaseUrl: string): string
  stop(): Promise<void>
}

/** The base URL of a running transaction pooler, if the tests were given one. */
const given = process.env.TEST_POOLER_URL

/** Why there is no pooler to test with, null if there is one. */
export function whyNoPooler(): string | null {
  if (!process.env.TEST_DATABASE_URL) return 'TEST_DATABASE_URL is not set'
  if (given || spawnSync('pgbouncer', ['--version']).status === 0) return null
  return 'neither is TEST_POOLER_URL set nor pgbouncer installed (Debian: apt-get install pgbouncer)'
}

/** Starts PgBouncer in transaction mode before the server of `databaseUrl`, with two server connections for all clients. */
export async function startPooler(databaseUrl: string): Promise<Pooler> {
  if (given) return { urlFor: url => withAddress(url, new URL(given)), stop: async () => {} }
  const { hostname, port, username, password } = new URL(databaseUrl)
  const folder = await mkdtemp(join(tmpdir(), 'sluice-pooler-'))
  const listenPort = await freePort()
  const server = [
    `host=${hostname}`,
    `port=${port || 5432}`,
    `user=${username}`,
    ...(password ? [`password=${password}`] : []),
  ]
  const file = join(folder, 'pgbouncer.ini')
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: listenPort,
    auth_type: 'any',
    pool_mode: 'transaction',
    default_pool_size: 2,
    max_client_conn: 100,
    unix_socket_dir: '',
    logfile: join(folder, 'log'),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  await writeFile(file, ['[databases]', `* = ${server.join(' ')}`, '[pgbouncer]', ...lines, ''].join('\n'))
  await chmod(folder, 0o777)
  // It refuses to run as root.
  const asWhom = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn('pgbouncer', [...asWhom, file], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const address = new URL(`postgres://127.0.0.1:${listenPort}`)
  await until('PgBouncer listens', () => accepts(listenPort))
  return {
    urlFor: url => withAddress(url, address),
    async stop() {
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function withAddress(databaseUrl: string, { hostname, port }: URL): string {
  const url = new URL(databaseUrl)
  url.hostname = hostname
  url.port = port
  return url.href
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
