import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureTenant } from '../tenants/api-keys.sql.ts'
import { createApiKey, findCaller, newSecret } from '../tenants/api-keys.ts'
import { createLog } from './create-log.ts'
import type { Providers } from './create-providers.ts'
import type { ProcessKey } from './http/authenticate.ts'
import { createServer } from './http/server.ts'
import { openSluice, type Sluice } from './open-sluice.ts'
import { readConfiguration } from './read-configuration.ts'

export interface RunningServer {
  url: string
  /** The admin key of the tenant `default` that the data folder keeps; null on a database that others use too. */
  localKey: string | null
  sluice: Sluice
  close(): Promise<void>
}

/**
 * Starts everything under the given environment and listens. `processKey` is a key that works for this process only.
 * Leaves `server.json` in the data folder while it runs, by which the command line finds it, and on the embedded database
 * a `local-key` that it may use.
 */
export async function startServer(
  environment: Record<string, string | undefined>,
  processKey: ProcessKey | null = null,
  adapt?: (providers: Providers) => Providers,
): Promise<RunningServer> {
  const configuration = readConfiguration(environment)
  const log = createLog(configuration.logLevel)
  await mkdir(configuration.dataDir, { recursive: true })
  const sluice = await openSluice(configuration, environment, log, adapt)
  try {
    const isEmbedded = sluice.api.database.kind === 'embedded'
    const localKey = isEmbedded ? await ensureLocalKey(sluice, configuration.dataDir) : null
    if (processKey) await ensureTenant(sluice.api.database, processKey.tenantId)
    const server = await createServer(sluice.api, log, processKey)
    const address = await server.listen({ host: configuration.host, port: configuration.port })
    const url = address.replace('0.0.0.0', '127.0.0.1').replace('[::]', '127.0.0.1')
    const addressFile = join(configuration.dataDir, 'server.json')
    await writeWhole(addressFile, JSON.stringify({ url, pid: process.pid }), 0o644)
    log.info({ url, database: sluice.api.database.kind }, 'Sluice is ready')
    return {
      url,
      localKey,
      sluice,
      async close() {
        await removeOwn(addressFile)
        await server.close()
        await sluice.close()
      },
    }
  } catch (error) {
    await sluice.close()
    throw error
  }
}

/** Makes the admin key of the tenant `default` at the first start, and anew when its file is lost. */
async function ensureLocalKey({ api }: Sluice, dataDir: string): Promise<string> {
  const path = join(dataDir, 'local-key')
  const existing = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (existing !== '' && (await findCaller(api.database, existing))) return existing
  const secret = newSecret()
  const key = { tenantId: 'default', name: 'local', role: 'admin' } as const
  await createApiKey(api.database, key, api.newId, secret)
  await writeWhole(path, `${secret}\n`, 0o600)
  return secret
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const aside = `${path}.${process.pid}`
  await writeFile(aside, text, { mode })
  await chmod(aside, mode)
  await rename(aside, path)
}

async function removeOwn(path: string): Promise<void> {
  const found = JSON.parse(await readFile(path, 'utf8').catch(() => '{}')) as { pid?: number }
  if (found.pid === process.pid) await rm(path, { force: true })
}
