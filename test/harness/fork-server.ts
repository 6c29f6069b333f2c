import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from './sluice-under-test.ts'

const serverProcess = fileURLToPath(new URL('./server-process.ts', import.meta.url))

export interface ForkedServer {
  url: string
  client: Client
  /** The lines of the log so far. */
  log(): Record<string, unknown>[]
  /** All of it, as it was written. */
  written(): string
  close(): Promise<void>
}

/** A server in a process of its own, which sees nothing of our environment but what is given. */
export async function forkServer(environment: Record<string, string>): Promise<ForkedServer> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, SLUICE_PORT: '0', ...environment }
  const child = fork(serverProcess, [], { env, silent: true })
  const ended = once(child, 'exit')
  let written = ''
  child.stderr?.on('data', chunk => {
    written += chunk
  })
  const [url] = (await once(child, 'message')) as [string]
  return {
    url,
    client: createClient(url, 'sk-sluice-test'),
    written: () => written,
    log: () =>
      written
        .split('\n')
        .filter(line => line.startsWith('{'))
        .map(line => JSON.parse(line) as Record<string, unknown>),
    async close() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}
