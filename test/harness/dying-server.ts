import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Place } from './databases.ts'
import { type Client, createClient } from './sluice-under-test.ts'

/** A server in a process of its own, which can be made to die. */
export interface DyingServer extends Client {
  url: string
  pid: number
  /** How the process ended, and what it had seen until then. */
  ended: Promise<Ending>
  kill(): Promise<Ending>
  stop(): Promise<Ending>
}

export interface Ending {
  signal: NodeJS.Signals | null
  exitCode: number | null
  /** The moments in their order, as `stage/moment`. */
  moments: string[]
  /** Tokens that the simulated provider would have charged to this process. */
  paidTokens: number
  /** From the start of the process until it took up its first job; null when it took up none. */
  firstClaimMs: number | null
}

export const dyingServerSecret = 'sk-sluice-test'
const program = fileURLToPath(new URL('./serve-and-die.ts', import.meta.url))

/** Starts a server that kills itself at the `after`-th occurrence of `at` (`stage/moment` or `any`), or never. */
export async function startDying(
  place: Place,
  death: { at?: string; after?: number; environment?: Record<string, string> } = {},
): Promise<DyingServer> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...process.execArgv, program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...place.environment,
      SLUICE_PORT: '0',
      SLUICE_LOG_LEVEL: 'silent',
      TEST_SECRET: dyingServerSecret,
      DIE_AT: death.at ?? '',
      DIE_AFTER: String(death.after ?? 1),
      ...death.environment,
    },
  })
  const ending: Ending = { signal: null, exitCode: null, moments: [], paidTokens: 0, firstClaimMs: null }
  const listening = Promise.withResolvers<string>()
  const lines = createInterface({ input: child.stdout })
  lines.on('line', line => {
    const said = JSON.parse(line) as { url?: string; stage?: string; moment?: string; paidTokens?: number }
    if (said.url) listening.resolve(said.url)
    if (said.moment) ending.moments.push(`${said.stage}/${said.moment}`)
    if (said.moment === 'claimed') ending.firstClaimMs ??= performance.now() - startedAt
    ending.paidTokens = said.paidTokens ?? ending.paidTokens
  })
  const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]).then(([[exitCode, signal]]) =>
    Object.assign(ending, { exitCode, signal }),
  )
  // One that dies before it listens is met by its end, not by its address.
  void ended.then(() => listening.resolve(''))
  child.stdin.on('error', () => {})
  const url = await listening.promise
  return {
    ...createClient(url, dyingServerSecret),
    url,
    pid: child.pid ?? 0,
    ended,
    kill: () => {
      child.kill('SIGKILL')
      return ended
    },
    stop: () => {
      child.stdin.end()
      return ended
    },
  }
}
