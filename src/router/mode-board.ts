import { AppError } from '../contract/failure.ts'
import type { Mode, ServiceName } from '../contract/provenance.ts'
import { serviceNames } from '../contract/provenance.ts'
import type { ModeChange, Policy, RouteWish, ServiceMode } from '../contract/routing.ts'
import type { Tables } from '../contract/tables.ts'
import { insertAuditEvent } from '../platform/audit.sql.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import * as modesSql from './modes.sql.ts'

/** The mode of a service for one call. `policy` is that of mode `hybrid`. */
export interface ModeOfCall {
  mode: Mode
  policy: { name: string; steps: Policy } | null
  forced: boolean
}

/** In which mode each service is, for whom; a switch reaches all processes within a second. */
export interface ModeBoard {
  /** A wish of the request goes before the tenant's own, that before the one of all, and the configuration comes last. */
  of(tenantId: string, service: ServiceName, wish?: RouteWish): ModeOfCall
  /** The configured ones, and what was switched, for all or for one tenant. */
  list(tenantId: string | null): ServiceMode[]
  /** Throws `validation_failed`, `mode_refused` or `provider_not_configured`. */
  set(target: { tenantId: string; service: ServiceName }, change: ModeChange, actor: string): Promise<void>
  /** Goes back to the configuration, or to the mode of all. Throws `not_found`. */
  reset(target: { tenantId: string; service: ServiceName }, actor: string, reason: string | null): Promise<void>
  policies: Readonly<Record<string, Policy>>
  refresh(): Promise<void>
  stop(): Promise<void>
}

export interface ModeBoardOptions {
  database: Database<Tables>
  configured: Record<ServiceName, { mode: Mode; policy: string; forced: boolean }>
  policies: Readonly<Record<string, Policy>>
  production: boolean
  /** Why nobody could take calls in this mode; null when somebody can. */
  whyUnusable(service: ServiceName, mode: Mode): string | null
  onError(error: unknown): void
}

const refreshEveryMs = 1_000

export async function createModeBoard(options: ModeBoardOptions): Promise<ModeBoard> {
  const { database, configured, policies } = options
  let switched = new Map<string, modesSql.SwitchedMode>()
  const refresh = async () => {
    switched = new Map((await modesSql.readModes(database)).map(row => [`${row.tenantId}/${row.service}`, row]))
  }
  await refresh()
  const timer = repeat(refresh, refreshEveryMs, options.onError)
  const present = (tenantId: string, service: ServiceName) =>
    switched.get(`${tenantId}/${service}`) ?? switched.get(`*/${service}`) ?? configured[service]
  const board: ModeBoard = {
    policies,
    of(tenantId, service, wish = {}) {
      const held = present(tenantId, service)
      const mode = wish[service] ?? held.mode
      const name = wish.policy ?? held.policy ?? configured[service].policy
      const steps = policies[name]
      const policy = mode === 'hybrid' && steps ? { name, steps } : null
      return { mode, policy, forced: held.forced }
    },
    list: tenantId => [
      ...serviceNames.map(service => viewConfigured(service, configured[service])),
      ...[...switched.values()]
        .filter(row => tenantId === null || row.tenantId === '*' || row.tenantId === tenantId)
        .map(viewSwitched),
    ],
    async set({ tenantId, service }, change, actor) {
      check(options, service, change)
      const { mode, policy = null, force, reason = null } = change
      const from = present(tenantId, service)
      const row = {
        tenantId,
        service,
        mode,
        policy: mode === 'hybrid' ? policy : null,
        forced: force,
        setBy: actor,
        reason,
      }
      const details = { from: from.mode, fromPolicy: from.policy, to: mode, policy: row.policy, forced: force, reason }
      await database.transaction(async session => {
        await modesSql.setMode(session, row)
        await insertAuditEvent(session, { tenantId, actor, action: 'mode_set', subject: service, details })
      })
      await refresh()
    },
    async reset({ tenantId, service }, actor, reason) {
      const from = present(tenantId, service).mode
      const removed = await database.transaction(async session => {
        if (!(await modesSql.removeMode(session, tenantId, service))) return false
        const details = { from, to: (tenantId === '*' ? configured[service] : present('*', service)).mode, reason }
        await insertAuditEvent(session, { tenantId, actor, action: 'mode_reset', subject: service, details })
        return true
      })
      if (!removed)
        throw new AppError('not_found', `No mode of service ${service} was switched for tenant ${tenantId}.`)
      await refresh()
    },
    refresh,
    stop: () => timer.stop(),
  }
  return board
}

function check(
  { policies, production, whyUnusable }: ModeBoardOptions,
  service: ServiceName,
  change: ModeChange,
): void {
  const { mode, policy, force } = change
  if (service === 'embed' && mode === 'local')
    throw new AppError('validation_failed', 'mode: `local` is for parsing; embeddings are `mock`, `real` or `hybrid`.')
  if (policy !== undefined && mode !== 'hybrid')
    throw new AppError('validation_failed', `policy: a policy is for mode hybrid, not for ${mode}.`)
  if (policy !== undefined && !policies[policy])
    throw new AppError(
      'validation_failed',
      `policy: there is none called ${policy}; there are ${Object.keys(policies).join(', ')}.`,
    )
  if (mode === 'mock' && production && !force)
    throw new AppError(
      'mode_refused',
      `Service ${service} was not switched to mock: this is production, and its results would be simulated.`,
    )
  const why = whyUnusable(service, mode)
  if (why !== null)
    throw new AppError('provider_not_configured', `Service ${service} was not switched to ${mode}: ${why}.`)
}

function viewConfigured(
  service: ServiceName,
  { mode, policy, forced }: { mode: Mode; policy: string; forced: boolean },
): ServiceMode {
  const hybrid = mode === 'hybrid' ? policy : null
  return {
    tenantId: '*',
    service,
    mode,
    policy: hybrid,
    forced,
    origin: 'configuration',
    setBy: null,
    reason: null,
    updatedAt: null,
  }
}

function viewSwitched({ updatedAt, ...row }: modesSql.SwitchedMode): ServiceMode {
  return { ...row, origin: 'switched', updatedAt: updatedAt.toISOString() }
}
