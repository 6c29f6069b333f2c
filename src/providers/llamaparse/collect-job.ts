import { AppError } from '../../contract/failure.ts'
import { parseTiers } from '../../contract/parse-options.ts'
import type { ParseInput, ParseOutput } from '../../contract/parse-service.ts'
import type { Collected, Usage } from '../../contract/service.ts'
import type { CloudRequest } from './cloud-request.http.ts'
import { priceCredits } from './credit-price.ts'
import type { LlamaParseOptions } from './parse-client-options.ts'
import { failureOfJob } from './parse-errors.ts'
import { hasEnded, type JobReply, readJob, workedMs } from './parse-reply.ts'
import { readResult } from './read-result.ts'

type Wanted = Pick<ParseInput, 'documentId' | 'options'>

/**
 * Asks how a job stands, and when it has completed for its content: the text of a job of the fast tier, which has no Markdown, the Markdown of others.
 * The job says its tier, since the server's can have changed meanwhile.
 */
export async function collectJob(
  cloud: CloudRequest,
  jobId: string,
  { documentId, options: asked }: Wanted,
  options: LlamaParseOptions,
  signal: AbortSignal,
): Promise<Collected<ParseOutput>> {
  const state = await askFor(cloud, jobId, ['usage', 'job_metadata'], signal)
  if (state === null) return { kind: 'gone' }
  const tier = tierOf(state, asked.tier ?? options.tier)
  const { status, error_message: message } = state.job
  if (status === 'FAILED')
    return {
      kind: 'failed',
      error: failureOfJob(message ?? null, jobId, documentId),
      usage: usageOf(state, tier, options),
    }
  if (status === 'CANCELLED') {
    const error = new AppError(
      'remote_parse_failed',
      `LlamaParse's job ${jobId} for document ${documentId} was cancelled.`,
    )
    return { kind: 'failed', error, usage: usageOf(state, tier, options) }
  }
  if (status !== 'COMPLETED') return { kind: 'running' }
  const content = await askFor(cloud, jobId, [tier === 'fast' ? 'text' : 'markdown'], signal)
  if (content === null) return { kind: 'gone' }
  const { output, failure } = readResult({ ...content, job_metadata: state.job_metadata }, documentId)
  if (failure) return { kind: 'failed', error: failure, usage: usageOf(state, tier, options) }
  const worked = workedMs(state.job)
  const usage = usageOf(state, tier, options, output.pages.length)
  return { kind: 'done', output, usage, ...(worked !== undefined && { workedMs: worked }) }
}

/** What an ended job has cost; null as long as LlamaParse does not say. `model` is the tier, for a job that does not name its own. */
export async function billJob(
  cloud: CloudRequest,
  jobId: string,
  model: string,
  options: LlamaParseOptions,
  signal: AbortSignal,
): Promise<Usage | null> {
  const state = await askFor(cloud, jobId, ['usage', 'job_metadata'], signal)
  if (state === null || !hasEnded(state.job)) return null
  return usageOf(state, tierOf(state, model), options)
}

async function askFor(
  cloud: CloudRequest,
  jobId: string,
  expand: string[],
  signal: AbortSignal,
): Promise<JobReply | null> {
  const body = await cloud.get(jobId, expand, signal)
  return body === null ? null : readJob(body, `Asking LlamaParse for job ${jobId}`)
}

function tierOf({ job }: JobReply, otherwise: string): string {
  return parseTiers.find(tier => tier === job.tier) ?? otherwise
}

/** By the credits that were charged, and LlamaParse's count of the pages where ours is not given. */
function usageOf(
  { job, job_metadata }: JobReply,
  tier: string,
  options: LlamaParseOptions,
  pages?: number,
): Usage | null {
  const credits = job.usage?.credits ?? null
  if (credits === null || credits.startsWith('-')) return null
  return priceCredits(options, tier, credits, pages ?? Number(job_metadata?.job_pages ?? 0))
}
