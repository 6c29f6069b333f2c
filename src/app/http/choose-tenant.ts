import type { FastifyRequest } from 'fastify'
import { requireAdmin } from './authenticate.ts'

/** The tenant whose costs are meant, `*` for all: the caller's own, or with an admin key the one that is named. Throws `forbidden`. */
export function chooseTenant(request: FastifyRequest, named: string | undefined): string {
  if (named === undefined || named === request.caller.tenantId) return request.caller.tenantId
  requireAdmin(request, 'see the costs of other tenants')
  return named
}
