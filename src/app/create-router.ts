import { AppError } from '../contract/failure.ts'
import type { Mode, ServiceName } from '../contract/provenance.ts'
import { healthNameOf } from '../contract/provider-health.ts'
import type { Tables } from '../contract/tables.ts'
import { createHealthBoard, type HealthBoard } from '../health/health-board.ts'
import { observed } from '../health/observed.ts'
import type { Database } from '../platform/database.ts'
import { createModeBoard, type ModeBoard } from '../router/mode-board.ts'
import { presets } from '../router/presets.ts'
import { createRouteLog, type RouteLog } from '../router/route-log.ts'
import type { RouterState } from '../router/routed.ts'
import { createProbes } from './create-probes.ts'
import type { Providers } from './create-providers.ts'
import type { Provider } from './provider.ts'
import type { Configuration } from './settings.ts'

/** How calls are routed in this process: modes, health, and what was decided. */
export interface Router {
  modes: ModeBoard
  health: HealthBoard
  log: RouteLog
  state: RouterState
  /** Notes how calls of these providers end. */
  observed<Input, Output>(
    providers: readonly Provider<Input, Output>[],
    subjectOf: (input: Input) => string,
  ): Provider<Input, Output>[]
  close(): Promise<void>
}

export interface RouterTools {
  database: Database<Tables>
  providers: Providers
  newId(): string
  onError(error: unknown): void
  /** A provider's breaker has changed. */
  onHealth(provider: string, state: string, reason: string | null): void
  makeCall: RouterState['makeCall']
}

const nobody = [{ jobId: null, documentId: null }]

/** Throws `configuration_invalid` for a policy that there is not, and `mode_refused` for simulated services in production. */
export async function createRouter(configuration: Configuration, tools: RouterTools): Promise<Router> {
  const { database, providers, newId, onError } = tools
  const { parseMode, embedMode, routingPolicy: policy, forceMock: forced } = configuration
  const production = configuration.environment === 'production'
  const policies = { ...presets, ...configuration.routingPolicies }
  if (!policies[policy as keyof typeof policies])
    throw new AppError(
      'configuration_invalid',
      `SLUICE_ROUTING_POLICY is ${policy}; there are ${Object.keys(policies).join(', ')}.`,
    )
  const configured = {
    parse: { mode: parseMode, policy, forced },
    embed: { mode: embedMode, policy, forced },
  } satisfies Record<ServiceName, { mode: Mode; policy: string; forced: boolean }>
  refuseMockInProduction(configured, production)
  const whyUnusable = (service: ServiceName, mode: Mode) => whyNobody(providers, service, mode)
  const modes = await createModeBoard({ database, configured, policies, production, whyUnusable, onError })
  const probes = createProbes(configuration)
  const health = createHealthBoard({
    database,
    probeOf: name => probes[name],
    onError,
    onChange: tools.onHealth,
  })
  await health.refresh()
  const log = createRouteLog(database, onError)
  const state: RouterState = {
    modeOf: (tenantId, service, wish) => modes.of(tenantId, service, wish),
    healthOf: candidate => (candidate.standIn ? undefined : health.of(healthNameOf(candidate))),
    admits: async candidate => candidate.standIn || (await health.admits(healthNameOf(candidate))),
    takeRetry: candidate => candidate.standIn || health.takeRetry(healthNameOf(candidate)),
    production,
    makeCall: tools.makeCall,
    log({ tenantId, jobs = nobody, pages = null }, decision) {
      const at = new Date()
      const entries = jobs.map(job => ({ ...job, tenantId, decisionId: newId(), at, decision: { ...decision, pages } }))
      for (const entry of entries) log.note({ ...entry, providerMs: null })
      return providerMs => {
        for (const entry of entries) log.note({ ...entry, providerMs })
      }
    },
  }
  return {
    modes,
    health,
    log,
    state,
    observed: (list, subjectOf) =>
      list.map(one =>
        one.standIn
          ? one
          : { ...one, service: observed(one.service, outcome => health.note(healthNameOf(one), outcome), subjectOf) },
      ),
    async close() {
      await modes.stop()
      await health.stop()
      await log.close()
    },
  }
}

function whyNobody({ parse, hasRealEmbeddings }: Providers, service: ServiceName, mode: Mode): string | null {
  if (mode === 'mock' || mode === 'local' || (mode === 'hybrid' && service === 'parse')) return null
  if (service === 'parse') return parse.some(one => one.paid) ? null : 'LLAMA_CLOUD_API_KEY is not set'
  return hasRealEmbeddings ? null : 'no key for a provider of embeddings is set (docs/providers.md)'
}

function refuseMockInProduction(
  configured: Record<ServiceName, { mode: Mode; forced: boolean }>,
  production: boolean,
): void {
  const mocked = Object.entries(configured).filter(([, { mode, forced }]) => mode === 'mock' && !forced)
  if (!production || mocked.length === 0) return
  const names = mocked.map(([service]) => `SLUICE_${service.toUpperCase()}_MODE`).join(' and ')
  throw new AppError(
    'mode_refused',
    `SLUICE_ENV is production and ${names} is mock: its results would be simulated. Set real or hybrid, or SLUICE_FORCE_MOCK=on.`,
  )
}
