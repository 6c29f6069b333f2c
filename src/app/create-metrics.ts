import type { Tables } from '../contract/tables.ts'
import { readBudgetForecasts } from '../ledger/read-forecasts.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import type { Database } from '../platform/database.ts'
import { readDisk } from '../platform/disk.fs.ts'
import { uploadLimitOf } from './create-parse-providers.ts'
import type { Configuration } from './settings.ts'
import { version } from './version.ts'

/** Null where nobody may read them: then nothing is counted either. */
export function createConfiguredMetrics(
  configuration: Configuration,
  database: Database<Tables>,
  onError: (error: unknown) => void,
): Metrics | null {
  if (configuration.metrics === 'off') return null
  return createMetrics({
    version,
    database,
    namedTenants: configuration.metricsTenants,
    uploadLimit: uploadLimitOf(configuration),
    readForecasts: () => readBudgetForecasts(database),
    hasWebhooks: configuration.webhookSecrets.length > 0,
    readDisk: () => readDisk(configuration.dataDir),
    onError,
  })
}
