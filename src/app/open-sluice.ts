import { randomUUIDv7 } from 'node:crypto'
import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyBaseLogger } from 'fastify'
import { createTokenCounter } from '../chunk/count-tokens.ts'
import { readBudgetTexts } from '../contract/budget-text.ts'
import { stages } from '../contract/job.ts'
import type { Tables } from '../contract/tables.ts'
import { createEventFeed } from '../events/feed.ts'
import { keepAlive } from '../jobs/keep-alive.ts'
import type { JobKey } from '../jobs/move-jobs.sql.ts'
import { createLedger } from '../ledger/ledger.ts'
import { forgetStops } from '../ledger/provider-stops.sql.ts'
import { hintRemoteCalls } from '../ledger/remote-calls.sql.ts'
import { openBlobFolder } from '../platform/blob-folder.fs.ts'
import { createChildPool } from '../platform/child-pool.ts'
import { siblingModule } from '../platform/sibling-module.ts'
import { openWakeQueue } from '../platform/wake-queue.ts'
import { findRevoked } from '../tenants/api-keys.sql.ts'
import { applyConfiguredBudgets } from './apply-budgets.ts'
import { createAlerts } from './create-alerts.ts'
import { createApi } from './create-api.ts'
import { createConfiguredGateway } from './create-gateway.ts'
import { createConfiguredMetrics } from './create-metrics.ts'
import { createProviders, type Providers } from './create-providers.ts'
import { createRouter } from './create-router.ts'
import { createServices, type Services } from './create-services.ts'
import { chunkInPool, createStages } from './create-stages.ts'
import { createTracing } from './create-tracing.ts'
import { createUsageMinutes, createUsageReaders } from './create-usage-readers.ts'
import { createWebhooks } from './create-webhooks.ts'
import type { Api } from './http/api.ts'
import { keepBooks } from './keep-books.ts'
import { loadPriceList } from './load-price-list.ts'
import { maintain } from './maintain.ts'
import { openMigrated } from './open-migrated.ts'
import { reportVitals } from './report-vitals.ts'
import type { Configuration } from './settings.ts'
import { startWatches } from './start-watches.ts'
import { startWorkers } from './start-workers.ts'
import { watchAlerts } from './watch-alerts.ts'
import { watchMoney } from './watch-money.ts'
import { createWorkWatch } from './watch-work.ts'

/** A running Sluice without its HTTP server. */
export interface Sluice {
  api: Api
  services: Services
  /** Ends work in order: what is under way is given back to the queue, nothing is lost. */
  close(): Promise<void>
}

const childModule = fileURLToPath(siblingModule(import.meta.url, 'child'))
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
  const onError = (error: unknown) => log.error({ err: error }, 'background work failed')
  const prices = await loadPriceList(configuration.priceList)
  const database = await openMigrated(configuration)
  const closers: (() => Promise<unknown>)[] = [() => database.close()]
  try {
    const exclusive = database.kind === 'embedded'
    const blobs = await openBlobFolder(join(configuration.dataDir, 'blobs'), newId, exclusive)
    const queue = await openWakeQueue<JobKey, Tables>(database, 'sluice_queue', stages, onError)
    closers.unshift(() => queue.stop())
    const size = configuration.parseProcesses || availableParallelism()
    const pool = createChildPool({ modulePath: childModule, size, memoryLimitMb: configuration.parseMemoryMb })
    closers.unshift(() => pool.close())
    const counter = createTokenCounter()
    const countTokens = (text: string) => counter.count(text)
    const processId = newId()
    const ledger = createLedger({ database, owner: processId })
    const providers = adapt(createProviders(configuration, { database, pool, prices, countTokens, onError }))
    closers.unshift(() => providers.simulatedCloud.close())
    const onHealth = (provider: string, state: string, reason: string | null) =>
      log.warn({ provider, state, reason }, `provider ${provider} is ${state}`)
    const metrics = createConfiguredMetrics(configuration, database, onError)
    const tracing = await createTracing(configuration, log)
    closers.unshift(() => tracing.close())
    const work = createWorkWatch(metrics, tracing, log)
    const tools = { database, providers, newId, onError, onHealth, makeCall: work.makeCall }
    const router = await createRouter(configuration, tools)
    closers.unshift(() => router.close())
    if (configuration.environment === 'production' && configuration.forceMock)
      log.warn('SLUICE_FORCE_MOCK is on: simulated results are possible in production')
    const services = createServices(configuration, { database, providers, countTokens, ledger, router, newId })
    await forgetStops(database)
    await applyConfiguredBudgets(database, readBudgetTexts(configuration.budgets))
    const chunk = chunkInPool(pool)
    const readers = createUsageReaders(configuration, prices)
    const money = { ledger, providers, chunk, readers }
    const webhooks = createWebhooks(configuration, { database, hint: hintRemoteCalls, newId, onError })
    closers.unshift(() => webhooks.close())
    const alerts = createAlerts(configuration, { database, newId, onError })
    const gateway = createConfiguredGateway({ database, services, countTokens, onError })
    closers.unshift(() => gateway.close())
    const events = createEventFeed({ database, revokedOf: keyIds => findRevoked(database, keyIds), onError })
    closers.unshift(() => events.close())
    const api = createApi({
      metrics,
      tracing,
      webhooks,
      alerts,
      gateway,
      events,
      configuration,
      environment,
      database,
      blobs,
      queue,
      services,
      router,
      prices,
      countTokens,
      ...money,
    })
    if (configuration.workers) {
      const stageHandlers = createStages(configuration, { database, blobs, pool, services, newId })
      const runner = await startWorkers(database, queue, stageHandlers, processId, work.attempts, log, onError)
      closers.unshift(() => runner.stop())
    } else {
      const life = await keepAlive(database, { workerId: processId, host: hostname(), pid: process.pid }, onError)
      closers.unshift(() => life.stop())
    }
    if (configuration.workers) {
      const { intake } = api
      const watches = startWatches(configuration, {
        database,
        queue,
        providers,
        services,
        router,
        intake,
        newId,
        onError,
      })
      closers.unshift(() => watches.stop())
    }
    const watch = watchMoney({ database, queue, onError })
    closers.unshift(() => watch.stop())
    const vitals = reportVitals(database, processId, configuration.dataDir, onError)
    closers.unshift(() => vitals.stop())
    const alertWatch = watchAlerts(alerts, onError)
    closers.unshift(() => alertWatch.stop())
    const readMinutes = createUsageMinutes(configuration)
    const doubts = readMinutes && { database, queue, readMinutes, newId }
    const bookkeeping = keepBooks({ database, readers, doubts, newId, onError })
    closers.unshift(() => bookkeeping.stop())
    const chores = maintain(database, blobs, configuration, onError)
    closers.unshift(() => chores.stop())
    return { api, services, close: () => closeAll(closers) }
  } catch (error) {
    await closeAll(closers)
    throw error
  }
}

async function closeAll(closers: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closers) await close()
}
