import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own, so that its memory and its processor time can be told from ours. */
export interface ChildServer {
  url: string
  secret: string
  pid: number
  /** From the start of the process to its first answer, in milliseconds. */
  startMs: number
  close(): Promise<void>
}

const entry = fileURLToPath(new URL('./server-child.ts', import.meta.url))
const secret = 'sk-sluice-bench'

/** Starts the server under `environment`; with `profileDir` it leaves a CPU profile of each of its threads there. */
export async function startChild(environment: Record<string, string>, profileDir?: string): Promise<ChildServer> {
  const startedAt = performance.now()
  const child = fork(entry, [], {
    env: { PATH: process.env.PATH, SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'warn', BENCH_SECRET: secret, ...environment },
    execArgv: profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`],
  })
  const exited = once(child, 'exit')
  const first = await Promise.race([once(child, 'message'), exited.then(() => null)])
  if (first === null) throw new Error('the server ended before it was ready; its log stands above')
  const [{ url }] = first as [{ url: string }]
  return {
    url,
    secret,
    pid: child.pid ?? 0,
    startMs: performance.now() - startedAt,
    async close() {
      child.send('close')
      await exited
    },
  }
}
