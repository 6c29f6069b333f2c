import { Counter, Gauge, Registry } from 'prom-client'
import { jobFamilies, tenantFamilies } from './families-of-jobs.ts'
import { moneyFamilies, tenantMoneyFamilies } from './families-of-money.ts'
import { providerFamilies } from './families-of-providers.ts'
import type { Family, Sample } from './family.ts'
import { createProcessMetrics, describeProcess, type ProcessMetrics } from './process-metrics.ts'
import { readState, type State, type StateOptions } from './read-state.ts'
import { remember } from './remember.ts'

/** Room on the disk that the data folder is on. */
export interface Disk {
  freeBytes: number
  sizeBytes: number
}

export interface MetricsOptions extends StateOptions {
  version: string
  hasWebhooks: boolean
  readDisk(): Promise<Disk>
  onError(error: unknown): void
}

/** The figures of a process and of the database that it works on, as Prometheus reads them. */
export interface Metrics extends ProcessMetrics {
  contentType: string
  /** Works without the database too: `sluice_database_up` is 0 then, and what the database would say is not there. */
  text(): Promise<string>
}

/** A forecast takes much reading, and tells of days. */
const forecastsFreshMs = 300_000

/** Docs: docs/monitoring.md, which a test holds equal to what is exported. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry()
  describeProcess(registry, options.version)
  const seen = createProcessMetrics(registry)
  const showSurroundings = createSurroundings(registry, options)
  const families = [...jobFamilies, ...moneyFamilies, ...providerFamilies]
  if (options.namedTenants > 0) families.push(...tenantFamilies, ...tenantMoneyFamilies)
  const shown = families.map(family => show(registry, family))
  const forecast = remember(options.readForecasts, options.onError, { freshMs: forecastsFreshMs })
  const readForecasts = async () => {
    const found = await forecast()
    return found.kind === 'read' ? found.value : []
  }
  const read = remember(() => readState({ ...options, readForecasts }), options.onError)
  return {
    ...seen,
    contentType: registry.contentType,
    async text() {
      const state = await read()
      for (const one of shown) one(state.kind === 'read' ? state.value : null)
      await showSurroundings(state.kind === 'read' ? state.value : null)
      return await registry.metrics()
    },
  }
}

/** Takes over what was read; null: nothing could be. */
function show(registry: Registry, { name, kind, help, labels, samples }: Family<State>): (state: State | null) => void {
  const settings = { name, help, labelNames: [...labels], registers: [registry] }
  const toLabels = (sample: Sample) => Object.fromEntries(labels.map((label, i) => [label, sample.labels[i] ?? '']))
  if (kind === 'gauge') {
    const gauge = new Gauge(settings)
    return state => {
      gauge.reset()
      for (const sample of state ? samples(state) : []) gauge.set(toLabels(sample), sample.value)
    }
  }
  const counter = new Counter(settings)
  return state => {
    counter.reset()
    for (const sample of state ? samples(state) : []) counter.inc(toLabels(sample), sample.value)
  }
}

function createSurroundings(
  registry: Registry,
  { readDisk, hasWebhooks, onError }: MetricsOptions,
): (state: State | null) => Promise<void> {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
  const up = gauge('sluice_database_up', 'Whether the database answered.')
  const seconds = gauge('sluice_database_read_seconds', 'How long it took to read these figures from the database.')
  const free = gauge('sluice_disk_free_bytes', 'Free space where the data folder is.')
  const size = gauge('sluice_disk_size_bytes', 'The size of the disk that it is on.')
  const webhooks = gauge('sluice_webhooks_configured', 'Whether this process has a secret to check webhooks with.')
  webhooks.set(hasWebhooks ? 1 : 0)
  return async state => {
    up.set(state ? 1 : 0)
    if (state) seconds.set(state.seconds)
    const disk = await readDisk().catch(onError)
    if (!disk) return
    free.set(disk.freeBytes)
    size.set(disk.sizeBytes)
  }
}
