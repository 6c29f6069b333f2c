import { z } from 'zod'
import { type UsagePeriod, wholeNumber } from '../../contract/usage-report.ts'
import { modelOfLineItem } from './usage-line-item.ts'
import { readUsagePages } from './usage-pages.ts'
import { createUsageRequest, type UsageRequestOptions } from './usage-request.http.ts'

/** What one model was used in the minute that begins at `from`. */
export interface UsageMinute {
  from: Date
  tokens: bigint
  calls: number
}

/** The minutes in which a model was used, in order. A minute that the period touches counts as a whole. */
export type ReadUsageMinutes = (
  model: string,
  period: UsagePeriod,
  options: { signal: AbortSignal },
) => Promise<UsageMinute[]>

/** Only the fields that are used. */
const usageSchema = z.object({
  model: z.string().nullish(),
  input_tokens: wholeNumber,
  num_model_requests: wholeNumber,
})

/**
 * Looks up single minutes of OpenAI's usage report, which tells whether a call in doubt was charged. Usage can appear late: that
 * a minute is missing says nothing of a call until the provider's delay is over. Fails as `UsageReader` does.
 */
export function createOpenAiUsageMinutes(options: UsageRequestOptions): ReadUsageMinutes {
  const send = createUsageRequest(options)
  return async (model, { from, to }, { signal }) => {
    const start_time = Math.floor(from.getTime() / 60_000) * 60
    const end_time = Math.ceil(to.getTime() / 60_000) * 60
    if (start_time >= end_time) return []
    const query = { start_time, end_time, bucket_width: '1m' as const, group_by: ['model' as const], limit: 1440 }
    const buckets = await readUsagePages(send, { report: 'embeddings', query }, usageSchema, signal)
    return buckets.flatMap(bucket => {
      const own = bucket.results.filter(result => modelOfLineItem(result.model ?? '', [model]) === model)
      if (own.length === 0) return []
      const tokens = own.reduce((sum, result) => sum + result.input_tokens, 0n)
      const calls = own.reduce((sum, result) => sum + Number(result.num_model_requests), 0)
      return [{ from: bucket.from, tokens, calls }]
    })
  }
}
