import { hash, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { ApiKey, newApiKeySchema } from '../contract/api-key.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import * as keySql from './api-keys.sql.ts'

/** Who is asking: the tenant whose data a key opens, and whether it may manage keys. */
export interface Caller {
  tenantId: string
  role: 'member' | 'admin'
  /** Null for a key that lives in a process only. */
  keyId: string | null
}

const prefix = 'sk-sluice-'

/** 256 random bits; only the hash is stored (a fast hash is enough for a secret that cannot be guessed). */
export function newSecret(): string {
  return prefix + randomBytes(32).toString('base64url')
}

/** Creates a key, and its tenant if that is new. `secret` may be given for a key that is kept elsewhere. */
export async function createApiKey(
  database: Database<Tables>,
  wanted: z.output<typeof newApiKeySchema>,
  newId: () => string,
  secret: string = newSecret(),
): Promise<ApiKey & { secret: string }> {
  const key = await database.transaction(session =>
    keySql.insertApiKey(session, { ...wanted, keyId: newId(), keyHash: hashSecret(secret) }),
  )
  return { ...key, secret }
}

/** The caller that a secret belongs to; null for an unknown or revoked one. */
export async function findCaller(database: Database<Tables>, secret: string): Promise<Caller | null> {
  if (!secret.startsWith(prefix)) return null
  return await keySql.findCaller(database, hashSecret(secret))
}

export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}
