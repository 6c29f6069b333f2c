import { z } from 'zod'
import {
  decimalText,
  malformedUsage,
  scaleDecimal,
  type UsageLine,
  type UsagePeriod,
  type UsageReader,
  wholeNumber,
} from '../../contract/usage-report.ts'
import { modelOfLineItem } from './usage-line-item.ts'
import { readUsagePages, type UsageBucket } from './usage-pages.ts'
import { createUsageRequest, type UsageRequestOptions } from './usage-request.http.ts'

export interface OpenAiUsageOptions extends UsageRequestOptions {
  /** The embedding models as the ledger names them; others that the reports name are reported under their own names. */
  models: readonly string[]
  /** Where an organization does more than this: only what these projects used. */
  projectIds?: readonly string[]
}

/** Only the fields that are used. */
const usageSchema = z.object({
  model: z.string().nullish(),
  input_tokens: wholeNumber,
  num_model_requests: wholeNumber,
})
const costSchema = z.object({
  line_item: z.string().nullish(),
  amount: z.object({ value: decimalText, currency: z.string() }),
})

const provider = 'openai'
const daySeconds = 86_400
const nanoPerDollar = 1_000_000_000n

/**
 * What OpenAI says that embeddings used and cost: tokens and requests by day and model from one report, dollars from the other,
 * where they appear later; until then `costNanoUsd` is null. Dollars are exact to the nano-dollar for each line of the bill.
 */
export function createOpenAiUsageReader(options: OpenAiUsageOptions): UsageReader {
  const send = createUsageRequest(options)
  const projects = options.projectIds && { project_ids: [...options.projectIds] }
  return {
    provider,
    async read(period, { signal }) {
      const days = wholeDays(period)
      if (days.start_time >= days.end_time) return []
      const common = { ...days, bucket_width: '1d', ...projects } as const
      const usageQuery = { ...common, group_by: ['model' as const], limit: 31 }
      const usage = await readUsagePages(send, { report: 'embeddings', query: usageQuery }, usageSchema, signal)
      const costQuery = { ...common, group_by: ['line_item' as const], limit: 180 }
      const costs = await readUsagePages(send, { report: 'costs', query: costQuery }, costSchema, signal)
      return toLines(usage, costs, options.models)
    },
  }
}

function wholeDays({ from, to }: UsagePeriod): { start_time: number; end_time: number } {
  const days = (at: Date) => at.getTime() / 1000 / daySeconds
  return { start_time: Math.floor(days(from)) * daySeconds, end_time: Math.ceil(days(to)) * daySeconds }
}

function toLines(
  usage: readonly UsageBucket<z.output<typeof usageSchema>>[],
  costs: readonly UsageBucket<z.output<typeof costSchema>>[],
  ownModels: readonly string[],
): UsageLine[] {
  const lines = new Map<string, UsageLine>()
  const lineOf = (from: Date, model: string | null): UsageLine => {
    const day = from.toISOString().slice(0, 10)
    const key = JSON.stringify([day, model])
    const line = lines.get(key) ?? { day, provider, operation: 'embed', model, units: 0n, costNanoUsd: null, calls: 0 }
    lines.set(key, line)
    return line
  }
  const models = new Set(ownModels)
  for (const { from, results } of usage) {
    for (const { model: name = null, input_tokens, num_model_requests } of results) {
      const model = name === null ? null : (modelOfLineItem(name, ownModels) ?? name)
      if (model !== null) models.add(model)
      const line = lineOf(from, model)
      line.units += input_tokens
      line.calls += Number(num_model_requests)
    }
  }
  for (const { from, results } of costs) {
    for (const { line_item, amount } of results) {
      const model = line_item ? modelOfLineItem(line_item, models) : null
      if (model === null) continue
      const line = lineOf(from, model)
      line.costNanoUsd = (line.costNanoUsd ?? 0n) + toNanoUsd(amount)
    }
  }
  return [...lines.values()].sort((a, b) => (a.day === b.day ? 0 : a.day < b.day ? -1 : 1))
}

function toNanoUsd({ value, currency }: { value: string; currency: string }): bigint {
  if (currency.toLowerCase() === 'usd') return scaleDecimal(value, nanoPerDollar)
  const name = /^\w{3}$/.test(currency) ? currency.toUpperCase() : 'an unknown currency'
  throw malformedUsage("The request for OpenAI's report on costs", `in ${name}, and the books are in US dollars`)
}
