import { z } from 'zod'
import { decimalText, malformedUsage, readUsageReply, scaleDecimal, wholeNumber } from '../../contract/usage-report.ts'
import type { UsageRequest } from './usage-request.http.ts'

/** One event of one job. `credits` are null until they are billed; `tier` where the provider tells it. */
export type UsageMetric = z.output<typeof metricSchema>

/** Only the fields that are used. That `properties` names the tier is what users report; without it there is none. */
const metricSchema = z.object({
  event_type: z.string(),
  value: wholeNumber,
  credits: decimalText.nullish(),
  day: z.iso.date(),
  event_aggregation_key: z.string(),
  properties: z.object({ tier: z.string().nullish() }).nullish().catch(null),
})
const pageSchema = z.object({ items: z.array(metricSchema), next_page_token: z.string().nullish() })

/** All metrics that `query` asks for, page by page. Fails with `provider_reply_malformed` also when the pages go in a circle. */
export async function readUsageMetrics(
  send: UsageRequest,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<UsageMetric[]> {
  const call = "The request for LlamaCloud's usage metrics"
  const metrics: UsageMetric[] = []
  const tokens = new Set<string>()
  for (let token: string | null | undefined; ; ) {
    const body = await send({ ...query, page_size: '100', ...(token && { page_token: token }) }, call, signal)
    const page = readUsageReply(body, pageSchema, call)
    metrics.push(...page.items)
    token = page.next_page_token
    if (!token) return metrics
    if (tokens.has(token)) throw malformedUsage(call, 'with a page that was there before')
    tokens.add(token)
  }
}

/** What the metrics cost together; null while one of them is not billed. Each is rounded to the nano-dollar by itself. */
export function costOf(metrics: readonly UsageMetric[], nanoUsdPerCredit: bigint): bigint | null {
  let cost = 0n
  for (const { credits } of metrics) {
    if (credits === null || credits === undefined) return null
    cost += scaleDecimal(credits, nanoUsdPerCredit)
  }
  return cost
}

/** Pages, which only this type of event counts. */
export function pagesOf(metrics: readonly UsageMetric[]): bigint {
  return metrics.reduce((sum, { event_type, value }) => sum + (event_type === 'pages_parsed' ? value : 0n), 0n)
}
