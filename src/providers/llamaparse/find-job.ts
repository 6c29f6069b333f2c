import { AppError } from '../../contract/failure.ts'
import type { Submission } from '../../contract/service.ts'
import type { CloudRequest } from './cloud-request.http.ts'
import type { LlamaParseOptions } from './parse-client-options.ts'
import { type CloudJob, hasEnded, readJob, readJobList } from './parse-reply.ts'
import { callTag, deadlineOf, pagesTag } from './submit-job.ts'

/** A request with so many ids has an address of some 2.5 KB. */
const idsPerRequest = 50
const listSize = 100
/** The clocks of both sides may differ by this. */
const skewMs = 5 * 60_000
/** A request whose connection broke off may still be worked on for a while. */
const settlesMs = 10_000
/** More jobs than this are not asked one by one for their tags. */
const mostAsked = 100

type ListQuery = Parameters<CloudRequest['list']>[0]

/** Which of these jobs have ended, or are not listed. */
export async function findEnded(
  cloud: CloudRequest,
  jobIds: readonly string[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const ended = new Set(jobIds)
  for (let start = 0; start < jobIds.length; start += idsPerRequest) {
    const query = { job_ids: jobIds.slice(start, start + idsPerRequest) }
    for await (const job of listJobs(cloud, query, signal)) if (!hasEnded(job)) ended.delete(job.id)
  }
  return ended
}

/**
 * Looks for the job that a call created, among those created about when it was made. Tags cannot be searched for. The SDK's types give a
 * listed job its tags; a job without any is asked for them. `none` only when the list is complete and the call's own deadline is over.
 */
export async function findJob(
  cloud: CloudRequest,
  callId: string,
  submittedAt: Date,
  options: LlamaParseOptions,
  signal: AbortSignal,
): Promise<Submission | 'none' | 'unknown'> {
  const now = options.now?.() ?? new Date()
  const lastsMs = (options.uploadTimeoutMs ?? options.timeoutMs) + settlesMs
  const query = {
    created_at_on_or_after: new Date(submittedAt.getTime() - skewMs).toISOString(),
    created_at_on_or_before: new Date(submittedAt.getTime() + lastsMs + skewMs).toISOString(),
  }
  const untagged: string[] = []
  for await (const job of listJobs(cloud, query, signal)) {
    if (job.user_metadata?.[callTag] === callId) return toSubmission(job, options)
    if (!job.user_metadata) untagged.push(job.id)
  }
  for (const jobId of untagged.slice(0, mostAsked)) {
    const body = await cloud.get(jobId, [], signal)
    const job = body === null ? null : readJob(body, `Asking LlamaParse for job ${jobId}`).job
    if (job?.user_metadata?.[callTag] === callId) return toSubmission(job, options)
  }
  const isSettled = now.getTime() >= submittedAt.getTime() + lastsMs
  return isSettled && untagged.length <= mostAsked ? 'none' : 'unknown'
}

function toSubmission(job: CloudJob, options: LlamaParseOptions): Submission {
  const pages = Number(job.user_metadata?.[pagesTag])
  return { remoteId: job.id, deadlineMs: deadlineOf(Number.isSafeInteger(pages) && pages > 0 ? pages : 1, options) }
}

/** All jobs that the query lists, page by page. Fails with `provider_reply_malformed` also when the pages go in a circle. */
async function* listJobs(cloud: CloudRequest, query: ListQuery, signal: AbortSignal): AsyncGenerator<CloudJob> {
  const call = "Asking for LlamaParse's list of jobs"
  const seen = new Set<string>()
  for (let token: string | null = null; ; ) {
    const page = { ...query, page_size: listSize, ...(token !== null && { page_token: token }) }
    const { items, next_page_token: next } = readJobList(await cloud.list(page, signal), call)
    yield* items
    if (!next) return
    if (seen.has(next))
      throw new AppError('provider_reply_malformed', `${call} was answered with a page that was there before.`)
    seen.add(next)
    token = next
  }
}
