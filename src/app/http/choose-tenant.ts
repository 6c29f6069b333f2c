import type { FastifyRequest } from 'fastify'
import { AppError } from '../../contract/failure.ts'
import { isTenant } from '../../tenants/tenants.sql.ts'
import type { Api } from './api.ts'
import { requireAdmin } from './authenticate.ts'

/** The tenant whose costs are meant, `*` for all: the caller's own, or with an admin key the one that is named. Throws `forbidden`. */
export function chooseTenant(request: FastifyRequest, named: string | undefined): string {
  if (named === undefined || named === request.caller.tenantId) return request.caller.tenantId
  requireAdmin(request, 'see the costs of other tenants')
  return named
}

/** The one tenant whose documents are meant: the caller's own, or with an admin key another one. Throws `forbidden`, or `tenant_not_found`. */
export async function tenantOf(
  { database }: Pick<Api, 'database'>,
  request: Pick<FastifyRequest, 'caller'> & { query: { tenant?: string | undefined } },
): Promise<string> {
  const { caller, query } = request
  if (query.tenant === undefined || query.tenant === caller.tenantId) return caller.tenantId
  requireAdmin(request, 'see the documents of other tenants')
  if (await isTenant(database, query.tenant)) return query.tenant
  throw new AppError('tenant_not_found', `There is no tenant ${query.tenant}.`)
}

/** The tenant whose lines are listed; null for those of all, which an admin key sees when it names none. Throws `forbidden`. */
export function tenantSeen(
  request: Pick<FastifyRequest, 'caller'> & { query: { tenant?: string | undefined } },
): string | null {
  const { caller, query } = request
  if (query.tenant === undefined) return caller.role === 'admin' ? null : caller.tenantId
  if (query.tenant !== caller.tenantId) requireAdmin(request, 'see what other tenants did')
  return query.tenant
}
