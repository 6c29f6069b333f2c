import { resolve } from 'node:path'
import { asAppError } from '../../contract/failure.ts'
import { CliFailure, usageFailure } from '../cli-failure.ts'
import type { CliIo } from '../cli-io.ts'
import type { GlobalOptions } from '../global-options.ts'
import { isHealthy } from './http-request.http.ts'
import { readLocalKey, readServerUrl } from './server-files.fs.ts'

export interface FoundServer {
  url: string
  apiKey: string
  /** True when the server lives in this process: nothing goes on after `close`. */
  inProcess: boolean
  close(): Promise<void>
}

export interface ServerWish {
  /** Whether jobs must make progress when the server lives in this process. */
  workers: boolean
  /** --tenant does not say whose data is meant. */
  tenantDecidesNothing?: boolean
  /** Called before a server is started in this process, which takes seconds. */
  starting?(dataDir: string): void
}

/** Where the data lies: --data-dir, else SLUICE_DATA_DIR, else ./.sluice. */
export function dataDirOf(io: Pick<CliIo, 'env' | 'workingDirectory'>, options: GlobalOptions): string {
  return resolve(io.workingDirectory, options.dataDir ?? (io.env.SLUICE_DATA_DIR || '.sluice'))
}

/**
 * The server to talk to: the one that was named (--url, SLUICE_URL), else the one that runs on the data directory, else one in
 * this process. Throws `unauthorized` without a key, `server_unreachable`, or what opening in process throws.
 */
export async function findServer(
  io: CliIo,
  options: GlobalOptions,
  wish: ServerWish,
  signal: AbortSignal,
): Promise<FoundServer> {
  const dataDir = dataDirOf(io, options)
  const tenantId = wish.tenantDecidesNothing ? undefined : options.tenant
  const apiKey = options.apiKey ?? (io.env.SLUICE_API_KEY || undefined)
  const url = options.url ?? (options.dataDir === undefined ? io.env.SLUICE_URL || undefined : undefined)
  if (url !== undefined) return named(url, apiKey, dataDir, tenantId)
  const running = await runningServer(dataDir, apiKey, signal)
  if (running) return withTenant(running, tenantId)
  wish.starting?.(dataDir)
  try {
    const server = await io.openInProcess({ dataDir, tenantId: tenantId ?? 'default', workers: wish.workers })
    return { url: server.url, apiKey: server.apiKey, inProcess: true, close: () => server.close() }
  } catch (error) {
    if (asAppError(error).code !== 'database_in_use') throw error
    const started = await waitForServer(io, dataDir, apiKey, signal)
    if (started === null) throw error
    return withTenant(started, tenantId)
  }
}

async function named(
  url: string,
  apiKey: string | undefined,
  dataDir: string,
  tenantId?: string,
): Promise<FoundServer> {
  if (!URL.canParse(url)) throw usageFailure(`"${url}" is not a URL.`, 'Give it like http://127.0.0.1:3000.')
  const own = (await readServerUrl(dataDir)) === new URL(url).origin ? await readLocalKey(dataDir) : null
  const key = apiKey ?? own
  if (key === null) {
    throw new CliFailure('unauthorized', `There is no API key for ${url}.`, {
      action: 'Give one with --api-key or SLUICE_API_KEY (create one with `sluice keys create`).',
    })
  }
  return withTenant({ url, apiKey: key, inProcess: false, close: async () => {} }, tenantId)
}

async function runningServer(
  dataDir: string,
  given: string | undefined,
  signal: AbortSignal,
): Promise<FoundServer | null> {
  const url = await readServerUrl(dataDir)
  const apiKey = given ?? (await readLocalKey(dataDir))
  if (url === null || apiKey === null || !(await isHealthy(url, signal))) return null
  return { url, apiKey, inProcess: false, close: async () => {} }
}

/** Another process holds the data directory: it may be a server that is just starting. */
async function waitForServer(io: CliIo, dataDir: string, apiKey: string | undefined, signal: AbortSignal) {
  const giveUpAt = io.now() + startsWithinMs
  while (io.now() < giveUpAt) {
    await io.pause(250, signal)
    const server = await runningServer(dataDir, apiKey, signal)
    if (server) return server
  }
  return null
}

function withTenant(server: FoundServer, tenantId: string | undefined): FoundServer {
  if (tenantId === undefined) return server
  throw usageFailure(
    `--tenant ${tenantId} was given, but a server runs at ${server.url}, and there the API key decides the tenant.`,
    `Create a key with \`sluice keys create --tenant ${tenantId} --name …\` and give it with --api-key.`,
  )
}

const startsWithinMs = 5_000
