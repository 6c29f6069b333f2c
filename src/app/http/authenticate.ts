import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../../contract/failure.ts'
import { type Caller, hashSecret } from '../../tenants/api-keys.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

/** A key that lives as long as this process: the command line's own, when it runs the server inside itself. */
export interface ProcessKey extends Omit<Caller, 'keyId'> {
  secret: string
}

const cacheMs = 5_000
const cacheSize = 1_000

/** Finds the caller by the bearer key. Answers are remembered for 5 s, so a revoked key stops working within that time. */
export function createAuthenticate(find: (secret: string) => Promise<Caller | null>, processKey: ProcessKey | null) {
  const cache = new Map<string, { caller: Caller; until: number }>()
  return async (request: FastifyRequest): Promise<void> => {
    const secret = bearerOf(request)
    if (!secret) throw new AppError('unauthorized', 'The request carries no API key.')
    if (processKey && sameSecret(secret, processKey.secret)) {
      request.caller = { tenantId: processKey.tenantId, role: processKey.role, keyId: null }
      return
    }
    const key = hashSecret(secret).toString('base64')
    const known = cache.get(key)
    if (known && known.until > Date.now()) {
      request.caller = known.caller
      return
    }
    const caller = await find(secret)
    if (!caller) throw new AppError('unauthorized', 'The API key is unknown or revoked.')
    if (cache.size >= cacheSize) cache.clear()
    cache.set(key, { caller, until: Date.now() + cacheMs })
    request.caller = caller
  }
}

/** The key that a request carries, if it carries one. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
}

export function requireAdmin(request: Pick<FastifyRequest, 'caller'>, act = 'manage keys'): void {
  if (request.caller.role !== 'admin') throw new AppError('forbidden', `This API key may not ${act}.`)
}

/** Takes as long for any two. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(hashSecret(a), hashSecret(b))
}
