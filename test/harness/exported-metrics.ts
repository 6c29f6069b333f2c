import { createMetrics } from '../../src/metrics/metrics.ts'
import { type ExposedFamily, readExposition } from './read-exposition.ts'

/** Every metric that there is, told by a process that has no database. */
export async function exportedMetrics(): Promise<Map<string, ExposedFamily>> {
  const database = { transaction: () => Promise.reject(new Error('there is none')) } as never
  const metrics = createMetrics({
    database,
    version: '0',
    namedTenants: 1,
    uploadLimit: { requests: 1, spanMs: 1 },
    readForecasts: async () => [],
    hasWebhooks: false,
    readDisk: async () => ({ freeBytes: 1, sizeBytes: 1 }),
    onError: () => {},
  })
  return readExposition(await metrics.text())
}
