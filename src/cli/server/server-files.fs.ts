import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serverAddressSchema } from '../../contract/server-report.ts'

/** The address that a running server left in its data directory, or null. It may be stale. */
export async function readServerUrl(dataDir: string): Promise<string | null> {
  try {
    return serverAddressSchema.parse(JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8'))).url
  } catch {
    return null
  }
}

/** The key that a server with an embedded database made for its own machine, or null. */
export async function readLocalKey(dataDir: string): Promise<string | null> {
  const text = await readFile(join(dataDir, 'local-key'), 'utf8').catch(() => '')
  return text.trim() || null
}
