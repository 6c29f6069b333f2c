import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { after } from 'node:test'
import LlamaCloud from '@llamaindex/llama-cloud'
import OpenAI from 'openai'
import type { SimulatorCounters } from '../../src/contract/simulators.ts'

const root = new URL('../..', import.meta.url)

export interface Simulation {
  url: string
  cloud: LlamaCloud
  openai: OpenAI
  /** The lines of stderr so far. */
  log: string[]
  counters(): Promise<SimulatorCounters>
  /** Ctrl-C; gives what was printed on stdout, and the exit code. */
  stop(): Promise<{ printed: string; exitCode: number | null }>
}
const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** `sluice simulate` in a process of its own, on a free port, with both official SDKs in front of it. It ends with the tests at the latest. */
export async function startSimulation(...options: string[]): Promise<Simulation> {
  const child = spawnSimulation('--port', '0', ...options)
  const log: string[] = []
  const ready = Promise.withResolvers<string>()
  createInterface({ input: child.stderr }).on('line', line => {
    log.push(line)
    const url = /OPENAI_BASE_URL=(\S+)\/v1 /.exec(line)?.[1]
    if (url !== undefined) ready.resolve(url)
  })
  const printed = text(child.stdout)
  const exited = once(child, 'exit')
  void exited.then(() => ready.reject(new Error(`it ended before it listened: ${log.join('\n')}`)))
  const url = await ready.promise
  return {
    url,
    log,
    cloud: new LlamaCloud({ apiKey: 'llx-any', baseURL: url, maxRetries: 0, logLevel: 'off' }),
    openai: new OpenAI({ apiKey: 'sk-any', baseURL: `${url}/v1`, maxRetries: 0, logLevel: 'off' }),
    counters: async () => (await (await fetch(`${url}/sluice/counters`)).json()) as SimulatorCounters,
    async stop() {
      child.kill('SIGINT')
      const [exitCode] = (await exited) as [number | null]
      return { printed: await printed, exitCode }
    },
  }
}

/** The same, as it starts. */
export function spawnSimulation(...options: string[]) {
  const child = spawn(process.execPath, ['src/main.ts', 'simulate', ...options], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  return child
}
