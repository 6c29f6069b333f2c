import { sql } from 'kysely'
import type { ApiKey } from '../contract/api-key.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'

type Reader = Pick<Session<Tables>, 'kysely'>

interface NewKey {
  tenantId: string
  keyId: string
  name: string
  role: 'member' | 'admin'
  keyHash: Buffer
}

interface KeyRow {
  tenantId: string
  keyId: string
  name: string
  role: 'member' | 'admin'
  createdAt: Date
  revokedAt: Date | null
}

export async function ensureTenant({ kysely }: Reader, tenantId: string): Promise<void> {
  await sql`INSERT INTO sluice.tenants (tenant_id) VALUES (${tenantId}) ON CONFLICT DO NOTHING`.execute(kysely)
}

/** Creates the key, and its tenant if that is new. */
export async function insertApiKey({ kysely }: Reader, key: NewKey): Promise<ApiKey> {
  await ensureTenant({ kysely }, key.tenantId)
  const { rows } = await sql<KeyRow>`
    INSERT INTO sluice.api_keys (tenant_id, key_id, name, role, key_hash)
    VALUES (${key.tenantId}, ${key.keyId}, ${key.name}, ${key.role}, ${key.keyHash})
    RETURNING tenant_id, key_id, name, role, created_at, revoked_at`.execute(kysely)
  const [row] = rows
  if (!row) throw new Error('the new key was not returned')
  return toApiKey(row)
}

export async function findCaller(
  { kysely }: Reader,
  keyHash: Buffer,
): Promise<Pick<KeyRow, 'tenantId' | 'role' | 'keyId'> | null> {
  const { rows } = await sql<Pick<KeyRow, 'tenantId' | 'role' | 'keyId'>>`
    SELECT tenant_id, role, key_id FROM sluice.api_keys WHERE key_hash = ${keyHash} AND revoked_at IS NULL`.execute(
    kysely,
  )
  return rows[0] ?? null
}

export async function listApiKeys({ kysely }: Reader): Promise<ApiKey[]> {
  const { rows } = await sql<KeyRow>`
    SELECT tenant_id, key_id, name, role, created_at, revoked_at FROM sluice.api_keys ORDER BY created_at`.execute(
    kysely,
  )
  return rows.map(toApiKey)
}

/** Which of these keys are not valid any more. */
export async function findRevoked({ kysely }: Reader, keyIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ keyId: string }>`
    SELECT key_id FROM sluice.api_keys WHERE key_id = ANY (${[...keyIds]}::uuid[]) AND revoked_at IS NOT NULL`.execute(
    kysely,
  )
  return rows.map(row => row.keyId)
}

/** False when there is no such key that is still valid. */
export async function revokeApiKey({ kysely }: Reader, tenantId: string, keyId: string): Promise<boolean> {
  const { rows } = await sql`
    UPDATE sluice.api_keys SET revoked_at = now()
    WHERE tenant_id = ${tenantId} AND key_id = ${keyId}::uuid AND revoked_at IS NULL RETURNING key_id`.execute(kysely)
  return rows.length > 0
}

function toApiKey(row: KeyRow): ApiKey {
  return { ...row, createdAt: row.createdAt.toISOString(), revokedAt: row.revokedAt?.toISOString() ?? null }
}
