import { randomUUIDv7 } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { createTokenCounter } from '../chunk/count-tokens.ts'
import { readBudgetTexts } from '../contract/budget-text.ts'
import { createEventFeed } from '../events/feed.ts'
import { createLedger } from '../ledger/ledger.ts'
import { forgetStops } from '../ledger/provider-stops.sql.ts'
import { hintRemoteCalls } from '../ledger/remote-calls.sql.ts'
import { findRevoked } from '../tenants/api-keys.sql.ts'
import { applyConfiguredBudgets } from './apply-budgets.ts'
import { type Closing, createClosing } from './closing.ts'
import { createAlerts } from './create-alerts.ts'
import { createApi } from './create-api.ts'
import { createConfiguredGateway } from './create-gateway.ts'
import { createConfiguredMetrics } from './create-metrics.ts'
import { createProviders, type Providers } from './create-providers.ts'
import { createRouter } from './create-router.ts'
import { createServices, type Services } from './create-services.ts'
import { chunkInPool } from './create-stages.ts'
import { createTracing } from './create-tracing.ts'
import { createUsageReaders } from './create-usage-readers.ts'
import { createWebhooks } from './create-webhooks.ts'
import type { Api } from './http/api.ts'
import { loadPriceList } from './load-price-list.ts'
import { openStores } from './open-stores.ts'
import type { Configuration } from './settings.ts'
import { startChores } from './start-chores.ts'
import { createWorkWatch } from './watch-work.ts'

/** A running Sluice without its HTTP server. */
export interface Sluice {
  api: Api
  services: Services
  /** Ends work in order: what is under way is given back to the queue, nothing is lost. */
  close(): Promise<void>
}

const newId = randomUUIDv7

/**
 * Opens database, blobs and queue, migrates, and starts workers and chores. Everything is wired here, once. `adapt` may put other
 * providers in, for tests.
 */
export async function openSluice(
  configuration: Configuration,
  environment: Record<string, string | undefined>,
  log: FastifyBaseLogger,
  adapt: (providers: Providers) => Providers = providers => providers,
): Promise<Sluice> {
  const closing = createClosing()
  try {
    const { api, services } = await wire(configuration, environment, log, { adapt, closing })
    return { api, services, close: closing.close }
  } catch (error) {
    await closing.close()
    throw error
  }
}

interface Wiring {
  adapt(providers: Providers): Providers
  closing: Closing
}

async function wire(
  configuration: Configuration,
  environment: Record<string, string | undefined>,
  log: FastifyBaseLogger,
  { adapt, closing }: Wiring,
): Promise<Pick<Sluice, 'api' | 'services'>> {
  const onError = (error: unknown) => log.error({ err: error }, 'background work failed')
  const closed = <Part extends { close(): Promise<unknown> }>(part: Part): Part => {
    closing.add(() => part.close())
    return part
  }
  const prices = await loadPriceList(configuration.priceList)
  const stores = await openStores(configuration, closing, newId, onError)
  const { database, pool } = stores
  const counter = createTokenCounter()
  const countTokens = (text: string) => counter.count(text)
  const processId = newId()
  const ledger = createLedger({ database, owner: processId })
  const providers = adapt(createProviders(configuration, { database, pool, prices, countTokens, onError }))
  closed(providers.simulatedCloud)
  const metrics = createConfiguredMetrics(configuration, database, onError)
  const tracing = closed(await createTracing(configuration, log))
  const work = createWorkWatch(metrics, tracing, log)
  const onHealth = (provider: string, state: string, reason: string | null) =>
    log.warn({ provider, state, reason }, `provider ${provider} is ${state}`)
  const tools = { database, providers, newId, onError, onHealth, makeCall: work.makeCall }
  const router = closed(await createRouter(configuration, tools))
  if (configuration.environment === 'production' && configuration.forceMock)
    log.warn('SLUICE_FORCE_MOCK is on: simulated results are possible in production')
  const services = createServices(configuration, { database, providers, countTokens, ledger, router, newId })
  await forgetStops(database)
  await applyConfiguredBudgets(database, readBudgetTexts(configuration.budgets))
  const readers = createUsageReaders(configuration, prices)
  const alerts = createAlerts(configuration, { database, newId, onError })
  const shared = { ...stores, providers, services, router, alerts, readers, newId }
  const api = createApi({
    ...shared,
    metrics,
    tracing,
    webhooks: closed(createWebhooks(configuration, { database, hint: hintRemoteCalls, newId, onError })),
    gateway: closed(createConfiguredGateway({ database, services, countTokens, onError })),
    events: closed(createEventFeed({ database, revokedOf: keyIds => findRevoked(database, keyIds), onError })),
    configuration,
    environment,
    prices,
    countTokens,
    ledger,
    chunk: chunkInPool(pool),
  })
  await startChores(configuration, { ...shared, processId, intake: api.intake, work, log, onError }, closing)
  return { api, services }
}
