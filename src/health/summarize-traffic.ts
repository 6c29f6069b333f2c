import type { ProviderHealth } from '../contract/provider-health.ts'
import { percentile } from './latency-histogram.ts'

export interface Traffic {
  calls: number
  faults: number
  limited: number
  retries: number
  latencies: readonly number[]
}

/** The counts with the percentiles of the latencies, which are upper bounds. */
export function summarizeTraffic(
  traffic: Traffic | undefined,
): Pick<ProviderHealth, 'calls' | 'faults' | 'limited' | 'retries' | 'latencyMs'> {
  if (!traffic) return { calls: 0, faults: 0, limited: 0, retries: 0, latencyMs: null }
  const { calls, faults, limited, retries, latencies } = traffic
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map(share => percentile(latencies ?? [], share))
  const known = p50 !== null && p50 !== undefined
  return { calls, faults, limited, retries, latencyMs: known ? { p50, p95: p95 ?? p50, p99: p99 ?? p50 } : null }
}
