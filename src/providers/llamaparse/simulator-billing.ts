import type { Answer } from './simulator-answer.ts'
import type { LlamaCloudCounters } from './simulator-counters.ts'
import { faultOf } from './simulator-faults.ts'
import type { SimulatedJob } from './simulator-job.ts'
import { createUsageMetricsSimulator } from './simulator-usage.ts'

interface BillingOptions {
  now(): Date
  billingDelayMs: number
  creditsLeft?: number
}

export interface Billing {
  hasCredits(): boolean
  /** Books what a job that ended cost. A job without pages leaves no metric (a guess). */
  charge(job: SimulatedJob, pages: number, credits: number): void
  /** GET /api/v1/beta/usage-metrics; the key has been checked. */
  answerMetrics(request: Request): Promise<Answer>
}

export function createBilling(options: BillingOptions, counters: LlamaCloudCounters): Billing {
  const apiKey = 'checked'
  const metrics = createUsageMetricsSimulator({ apiKey, now: options.now, usageDelayMs: options.billingDelayMs })
  return {
    hasCredits: () => counters.credits < (options.creditsLeft ?? Number.POSITIVE_INFINITY),
    charge(job, pages, credits) {
      const isTold = faultOf(job.faults, 'usage_stays_null') === undefined
      const at = options.now()
      job.charge = { credits, at, isTold }
      counters.pages += pages
      counters.credits += credits
      if (pages === 0) return
      if (credits === 0) counters.cached++
      metrics.record({ jobId: job.id, pages, credits: isTold ? credits : null, at, tier: job.request.tier })
    },
    async answerMetrics({ url, method, signal }) {
      const reply = await metrics.fetch(
        new Request(url, { method, signal, headers: { authorization: `Bearer ${apiKey}` } }),
      )
      return { status: reply.status, body: await reply.text(), contentType: 'application/json' }
    },
  }
}
