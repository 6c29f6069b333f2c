import { z } from 'zod'
import { malformedUsage, readUsageReply, wholeNumber } from '../../contract/usage-report.ts'
import type { UsageQuestion, UsageRequest } from './usage-request.http.ts'

/** One hour, day or minute of a report. */
export interface UsageBucket<Result> {
  from: Date
  results: Result[]
}

/**
 * All buckets of a report, page by page, in the provider's order; `result` is the shape of what a bucket holds. Fails with
 * `provider_reply_malformed` also when the pages never end: the cursor of the next one is missing, or was there before.
 */
export async function readUsagePages<Schema extends z.ZodType>(
  send: UsageRequest,
  question: UsageQuestion,
  result: Schema,
  signal: AbortSignal,
): Promise<UsageBucket<z.output<Schema>>[]> {
  const call = `The request for OpenAI's report on ${question.report}`
  const page = pageSchema(result)
  const buckets: UsageBucket<z.output<Schema>>[] = []
  const cursors = new Set<string>()
  for (let cursor: string | null | undefined; ; ) {
    const body = await send(cursor ? atPage(question, cursor) : question, call, signal)
    const { data, has_more, next_page } = readUsageReply(body, page, call)
    for (const { start_time, results } of data) buckets.push({ from: new Date(start_time * 1000), results })
    if (!has_more) return buckets
    if (!next_page || cursors.has(next_page))
      throw malformedUsage(call, 'with more to come, but no new page to ask for')
    cursors.add(next_page)
    cursor = next_page
  }
}

/** Only the fields that are used. A time is in seconds, and one that a date can hold. */
function pageSchema<Schema extends z.ZodType>(result: Schema) {
  const seconds = wholeNumber.refine(count => count < 8_000_000_000_000n, 'not a time').transform(Number)
  return z.object({
    data: z.array(z.object({ start_time: seconds, results: z.array(result) })),
    has_more: z.boolean(),
    next_page: z.string().nullish(),
  })
}

function atPage(question: UsageQuestion, page: string): UsageQuestion {
  return question.report === 'costs'
    ? { report: 'costs', query: { ...question.query, page } }
    : { report: 'embeddings', query: { ...question.query, page } }
}
