import { z } from 'zod'
import { decimalText, readUsageReply, wholeNumber } from '../../contract/usage-report.ts'

// Only the fields that are used. Numbers are read as the text that was sent: credits are money.

const jobSchema = z.object({
  id: z.string().regex(/^[\w.-]{1,200}$/, 'not an id'),
  status: z.string(),
  tier: z.string().nullish(),
  error_message: z.string().nullish(),
  created_at: z.string().nullish().catch(null),
  updated_at: z.string().nullish().catch(null),
  usage: z.object({ credits: decimalText.nullish() }).nullish(),
  user_metadata: z.record(z.string(), z.unknown()).nullish(),
})
export type CloudJob = z.output<typeof jobSchema>

const pageNumber = wholeNumber.transform(Number).refine(number => number >= 1 && number <= 10_000_000, 'not a page')
const bodySchema = z.object({
  job: jobSchema,
  job_metadata: z
    .object({ job_pages: wholeNumber.nullish().catch(null), job_is_cache_hit: z.boolean().nullish().catch(null) })
    .nullish()
    .catch(null),
  markdown: z
    .object({
      pages: z.array(
        z.object({ page_number: pageNumber, success: z.boolean().nullish(), markdown: z.string().nullish() }),
      ),
    })
    .nullish(),
  text: z.object({ pages: z.array(z.object({ page_number: pageNumber, text: z.string() })) }).nullish(),
})
/** A job with what was asked for beside it: parts that were not asked for, or are not there yet, are null or left out. */
export type JobReply = z.output<typeof bodySchema>

const listSchema = z.object({ items: z.array(jobSchema), next_page_token: z.string().nullish() })

/** The reply to creating a job. As the others, fails with `provider_reply_malformed`, without a word of what was sent. */
export function readCreated(body: string, call: string): CloudJob {
  return readUsageReply(body, jobSchema, call)
}

export function readJob(body: string, call: string): JobReply {
  return readUsageReply(body, bodySchema, call)
}

export function readJobList(body: string, call: string): z.output<typeof listSchema> {
  return readUsageReply(body, listSchema, call)
}

/** From its creation to its last change, in milliseconds; undefined where the reply does not tell both. */
export function workedMs({ created_at: from, updated_at: to }: CloudJob): number | undefined {
  const ms = Date.parse(to ?? '') - Date.parse(from ?? '')
  return ms >= 0 ? ms : undefined
}

/** Whether a job with this status will not change any more; a status that is not known counts as one that will. */
export function hasEnded({ status }: CloudJob): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED'
}
