import type { NanoUsd } from '../../contract/money.ts'
import type { UsageLine, UsagePeriod, UsageReader } from '../../contract/usage-report.ts'
import { costOf, pagesOf, readUsageMetrics } from './usage-metrics.ts'
import { createUsageRequest, type UsageRequestOptions } from './usage-request.http.ts'

export interface LlamaParseUsageOptions extends UsageRequestOptions {
  /** What a credit costs: it differs by region and contract. */
  nanoUsdPerCredit: NanoUsd
  /** The events that parsing is billed by, among those of LlamaCloud's other products; `pages_parsed` if not given. */
  eventTypes?: readonly string[]
}

/**
 * What LlamaCloud says that parsing used and cost: pages, jobs and credits by day, and by tier where it tells the tier.
 * `costNanoUsd` is null for a day of which a job is not billed yet.
 */
export function createLlamaParseUsageReader(options: LlamaParseUsageOptions): UsageReader {
  const send = createUsageRequest(options)
  const eventTypes = new Set(options.eventTypes ?? ['pages_parsed'])
  return {
    provider: 'llamaparse',
    async read(period, { signal }) {
      if (period.from >= period.to) return []
      const metrics = await readUsageMetrics(send, daysOf(period), signal)
      const own = metrics.filter(({ event_type }) => eventTypes.has(event_type))
      const groups = Map.groupBy(own, ({ day, properties }) => JSON.stringify([day, properties?.tier ?? null]))
      const lines = [...groups].map(([key, group]): UsageLine => {
        const [day, model] = JSON.parse(key) as [string, string | null]
        const calls = new Set(group.map(metric => metric.event_aggregation_key)).size
        const costNanoUsd = costOf(group, options.nanoUsdPerCredit)
        return { day, provider: 'llamaparse', operation: 'parse', model, units: pagesOf(group), costNanoUsd, calls }
      })
      return lines.sort((a, b) => (a.day === b.day ? 0 : a.day < b.day ? -1 : 1))
    },
  }
}

/** What one parse job used: pages, and dollars once it is billed. */
export interface JobUsage {
  pages: bigint
  costNanoUsd: NanoUsd | null
}

/** Looks up what one job was charged, add-ons included; null when LlamaCloud shows nothing of it (yet). Fails as `UsageReader` does. */
export function createLlamaParseJobUsage(
  options: LlamaParseUsageOptions,
): (jobId: string, call: { signal: AbortSignal }) => Promise<JobUsage | null> {
  const send = createUsageRequest(options)
  return async (jobId, { signal }) => {
    const metrics = await readUsageMetrics(send, { event_aggregation_key: jobId }, signal)
    if (metrics.length === 0) return null
    return { pages: pagesOf(metrics), costNanoUsd: costOf(metrics, options.nanoUsdPerCredit) }
  }
}

/** Both days are included. */
function daysOf({ from, to }: UsagePeriod): Record<string, string> {
  const lastMoment = new Date(to.getTime() - 1)
  return { day_on_or_after: dayOf(from), day_on_or_before: dayOf(lastMoment) }
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
