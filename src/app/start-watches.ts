import type { Tables } from '../contract/tables.ts'
import type { JobKey } from '../jobs/move-jobs.sql.ts'
import type { Database } from '../platform/database.ts'
import type { WakeQueue } from '../platform/wake-queue.ts'
import type { Providers } from './create-providers.ts'
import type { Router } from './create-router.ts'
import type { Services } from './create-services.ts'
import { watchReembeddings } from './reembed.ts'
import type { Configuration } from './settings.ts'
import { watchDrift } from './watch-drift.ts'
import { watchHealth } from './watch-health.ts'
import { jobsOf, watchRemoteCalls } from './watch-remote-calls.ts'
import { type UpgradeWatch, watchUpgrades } from './watch-upgrades.ts'

export interface WatchParts {
  database: Database<Tables>
  queue: WakeQueue<JobKey>
  providers: Providers
  services: Services
  router: Router
  intake: UpgradeWatch['intake']
  newId(): string
  onError(error: unknown): void
}

/** What processes with workers do besides: look after remote jobs, re-embeddings, drift, providers that come back, and upgrades. */
export function startWatches(configuration: Configuration, parts: WatchParts): { stop(): Promise<void> } {
  const { providers, services, router } = parts
  const watches = [
    watchRemoteCalls({
      ...parts,
      jobsOf: jobsOf(providers, services.spaces.configured),
      ill: () => router.health.ill(),
    }),
    watchReembeddings({ ...parts, spaces: services.spaces }),
    watchDrift({ ...parts, spaces: services.spaces, everyHours: configuration.driftCheckHours }),
    watchHealth(parts),
    watchUpgrades(parts),
  ]
  return {
    async stop() {
      await Promise.all(watches.map(watch => watch.stop()))
    },
  }
}
