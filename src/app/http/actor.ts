import type { FastifyRequest } from 'fastify'

/** Who did it, for the audit log: a key, or the command line on the machine itself. */
export function actorOf({ caller }: Pick<FastifyRequest, 'caller'>): string {
  return caller.keyId === null ? 'process' : `key ${caller.keyId}`
}
