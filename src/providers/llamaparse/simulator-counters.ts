import type { CallName } from './simulator-calls.ts'
import type { WebhookCounters } from './simulator-webhooks.ts'

/** What happened so far, answered or not; `requests` are those that are a call. `jobs` were created; `pages` and `credits` are what ended jobs were charged for. */
export interface LlamaCloudCounters {
  requests: Partial<Record<CallName, number>>
  jobs: number
  completed: number
  failed: number
  cancelled: number
  /** Jobs that cost nothing because their result was known. */
  cached: number
  pages: number
  credits: number
  webhooks: WebhookCounters
}

export function startCounters(): LlamaCloudCounters {
  const jobs = { jobs: 0, completed: 0, failed: 0, cancelled: 0, cached: 0, pages: 0, credits: 0 }
  return { requests: {}, ...jobs, webhooks: { events: 0, sent: 0, acknowledged: 0, lost: 0 } }
}
