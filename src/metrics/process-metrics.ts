import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client'
import type { Stage } from '../contract/job.ts'
import type { ServiceName } from '../contract/provenance.ts'
import { refusalReasons } from '../contract/webhook.ts'
import type { AttemptOutcome, CallOutcomeKind } from '../contract/work-events.ts'
import { createOpenCalls } from './open-calls.ts'

/** Who takes a call. */
export interface CallLabels {
  service: ServiceName
  provider: string
  simulated: boolean
}

/** What one process sees happen. */
export interface ProcessMetrics {
  /** `route` is the pattern, not the address; undefined where there is none. */
  request(request: { method: string; route: string | undefined; status: number; seconds: number }): void
  /** A call begins; what is returned says that it has ended. */
  call(labels: CallLabels): (outcome: CallOutcomeKind) => void
  /** `provider` is who worked for it last; undefined: nobody but us. */
  attempt(stage: Stage, outcome: AttemptOutcome, provider: string | undefined, seconds: number): void
  webhook(outcome: WebhookOutcome): void
}

const webhookOutcomes = ['taken', 'known', ...refusalReasons] as const
export type WebhookOutcome = (typeof webhookOutcomes)[number]

const requestBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const callBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const stageBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900]
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The library calls these gauges totals, which only counters are. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** Counters and histograms, and those of Node.js and its process. */
export function createProcessMetrics(registry: Registry): ProcessMetrics {
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)
  const registers = [registry]
  const requests = new Histogram({
    name: 'sluice_http_request_duration_seconds',
    help: 'How long requests took, by pattern of the path and class of the status.',
    labelNames: ['method', 'route', 'status'],
    buckets: requestBuckets,
    registers,
  })
  const calls = new Histogram({
    name: 'sluice_provider_call_duration_seconds',
    help: 'How long calls of providers took until the answer, or until the work was handed over.',
    labelNames: ['service', 'provider', 'simulated', 'outcome'],
    buckets: callBuckets,
    registers,
  })
  const attempts = new Histogram({
    name: 'sluice_stage_duration_seconds',
    help: 'How long attempts took from claim to commit, by who worked for them last.',
    labelNames: ['stage', 'outcome', 'provider'],
    buckets: stageBuckets,
    registers,
  })
  const webhooks = new Counter({
    name: 'sluice_webhooks_total',
    help: 'Webhooks that came: taken, known before, or refused and why.',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of webhookOutcomes) webhooks.inc({ outcome }, 0)
  const open = createOpenCalls(registers)
  return {
    request({ method, route, status, seconds }) {
      const known = methods.includes(method) ? method : 'other'
      requests.observe({ method: known, route: route ?? 'none', status: `${Math.floor(status / 100)}xx` }, seconds)
    },
    call({ service, provider, simulated }) {
      const labels = { service, provider, simulated: String(simulated) }
      const startedAt = performance.now()
      const end = open.begin(labels)
      return outcome => {
        end()
        calls.observe({ ...labels, outcome }, (performance.now() - startedAt) / 1000)
      }
    },
    attempt: (stage, outcome, provider = 'none', seconds) => attempts.observe({ stage, outcome, provider }, seconds),
    webhook: outcome => webhooks.inc({ outcome }),
  }
}

/** Says which program it is. */
export function describeProcess(registry: Registry, version: string): void {
  const info = new Gauge({
    name: 'sluice_info',
    help: 'Always 1; the label says which version this process runs.',
    labelNames: ['version'],
    registers: [registry],
  })
  info.set({ version }, 1)
}
