import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../contract/failure.ts'
import type { ScratchPlace, ScratchServer, ScratchServerWish } from '../../contract/scratch-server.ts'
import { siblingModule } from '../../platform/sibling-module.ts'

const program = fileURLToPath(siblingModule(import.meta.url, 'serve-and-die'))
const clock = siblingModule(import.meta.url, 'shift-clock').href
/** What a program needs of its surroundings; no key, no database and no setting of the user is among it. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TZ', 'SystemRoot', 'TESSDATA_PREFIX']

/** A folder below the system's temporary one, with the embedded database of the servers that run over it. */
export async function createScratchPlace(): Promise<ScratchPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-drill-'))
  const apiKey = `sk-sluice-${randomBytes(24).toString('hex')}`
  let running: ChildProcess | null = null
  return {
    async start(wish) {
      const child = spawnServer(folder, apiKey, wish)
      running = child
      return await listening(child, apiKey, wish.dieAt !== undefined)
    },
    async remove() {
      if (running !== null && running.exitCode === null && running.signalCode === null) {
        running.kill('SIGKILL')
        await once(running, 'exit')
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function spawnServer(folder: string, secret: string, { settings, dieAt, clockAheadMs }: ScratchServerWish) {
  const surroundings = Object.fromEntries(inherited.map(name => [name, process.env[name]]))
  const child = spawn(process.execPath, [...process.execArgv, '--import', clock, program], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...surroundings,
      SLUICE_DATA_DIR: folder,
      SLUICE_PORT: '0',
      SLUICE_LOG_LEVEL: 'fatal',
      ...settings,
      SERVER_SECRET: secret,
      DIE_AT: dieAt ?? '',
      CLOCK_AHEAD_MS: String(clockAheadMs ?? 0),
    },
  })
  child.stdin.on('error', () => {})
  return child
}

async function listening(
  child: ReturnType<typeof spawnServer>,
  apiKey: string,
  mayDie: boolean,
): Promise<ScratchServer | null> {
  const lines = createInterface({ input: child.stdout })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-1_000)
  })
  const ended = once(child, 'exit').then(([exitCode, signal]) => ({ exitCode, signal }))
  const first = await Promise.race([once(lines, 'line'), ended.then(() => null)])
  if (first === null && mayDie && child.signalCode === 'SIGKILL') return null
  if (first === null)
    throw new AppError('server_unreachable', `A drill's server ended at its start: ${complaint.trim()}`)
  const { url } = JSON.parse(String(first[0])) as { url: string }
  return {
    url,
    apiKey,
    ended,
    kill() {
      child.kill('SIGKILL')
      return ended
    },
    stop() {
      child.stdin.end()
      return ended
    },
  }
}
