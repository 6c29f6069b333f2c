import { hostname } from 'node:os'
import type { FastifyBaseLogger } from 'fastify'
import type { UsageReader } from '../contract/usage-report.ts'
import { keepAlive } from '../jobs/keep-alive.ts'
import type { Closing } from './closing.ts'
import type { Alerts } from './create-alerts.ts'
import type { Providers } from './create-providers.ts'
import type { Router } from './create-router.ts'
import type { Services } from './create-services.ts'
import { createStages } from './create-stages.ts'
import { createUsageMinutes } from './create-usage-readers.ts'
import { keepBooks } from './keep-books.ts'
import { maintain } from './maintain.ts'
import type { Stores } from './open-stores.ts'
import { reportVitals } from './report-vitals.ts'
import type { Configuration } from './settings.ts'
import { startWatches, type WatchParts } from './start-watches.ts'
import { startWorkers } from './start-workers.ts'
import { watchAlerts } from './watch-alerts.ts'
import { watchMoney } from './watch-money.ts'
import type { WorkWatch } from './watch-work.ts'

export interface ChoreParts extends Stores {
  processId: string
  providers: Providers
  services: Services
  router: Router
  intake: WatchParts['intake']
  alerts: Alerts
  readers: readonly UsageReader[]
  work: WorkWatch
  log: FastifyBaseLogger
  newId(): string
  onError(error: unknown): void
}

/** Starts all that a process does without being asked. Each chore is stopped before those that were started before it. */
export async function startChores(configuration: Configuration, parts: ChoreParts, closing: Closing): Promise<void> {
  const { database, blobs, queue, processId, readers, newId, onError } = parts
  const run = (chore: { stop(): Promise<void> }) => closing.add(() => chore.stop())
  if (configuration.workers) {
    const handlers = createStages(configuration, parts)
    run(await startWorkers(database, queue, handlers, processId, parts.work.attempts, parts.log, onError))
    run(startWatches(configuration, parts))
  } else {
    run(await keepAlive(database, { workerId: processId, host: hostname(), pid: process.pid }, onError))
  }
  run(watchMoney({ database, queue, onError }))
  run(reportVitals(database, processId, configuration.dataDir, onError))
  run(watchAlerts(parts.alerts, onError))
  const readMinutes = createUsageMinutes(configuration)
  const doubts = readMinutes && { database, queue, readMinutes, newId }
  run(keepBooks({ database, readers, doubts, newId, onError }))
  run(maintain(database, blobs, configuration, onError))
}
