import { AppError } from '../../contract/failure.ts'
import type { ParseInput } from '../../contract/parse-service.ts'
import type { Quote, Submission } from '../../contract/service.ts'
import type { CloudRequest } from './cloud-request.http.ts'
import type { LlamaParseOptions } from './parse-client-options.ts'
import { planParse, writeConfiguration } from './parse-plan.ts'
import { readCreated } from './parse-reply.ts'
import { openUpload } from './upload-file.fs.ts'

/** The tags by which a job is found again: the call that created it, and its pages, which its deadline depends on. */
export const callTag = 'sluice_call_id'
export const pagesTag = 'sluice_pages'

const endings = ['parse.success', 'parse.error', 'parse.partial_success', 'parse.cancelled']

/** POST /api/v2/parse/upload with at most `quote.units` pages. An answer that cannot be read leaves open whether a job was created. */
export async function submitJob(
  cloud: CloudRequest,
  input: ParseInput,
  { callId, quote, signal }: { callId: string; quote: Quote; signal: AbortSignal },
  options: LlamaParseOptions,
): Promise<Submission> {
  const call = `Handing document ${input.documentId} to LlamaParse`
  const configuration = {
    ...writeConfiguration(planParse(input.options, options), quote.units, options.deadline),
    client_name: options.clientName ?? 'sluice',
    user_metadata: { [callTag]: callId, [pagesTag]: String(quote.units) },
    ...(options.webhook && { webhook_configurations: [writeWebhook(options.webhook)] }),
  }
  const body = await cloud.create(configuration, await openUpload(input, call), call, signal)
  try {
    return { remoteId: readCreated(body, call).id, deadlineMs: deadlineOf(quote.units, options) }
  } catch (cause) {
    throw new AppError('call_outcome_unknown', `${call} was answered in a way that cannot be read.`, { cause })
  }
}

/** How long a job of so many pages may take, in milliseconds. */
export function deadlineOf(pages: number, { deadline }: Pick<LlamaParseOptions, 'deadline'>): number {
  return deadline.baseMs + deadline.perPageMs * pages
}

function writeWebhook({ url, secret }: { url: string; secret: string }) {
  return {
    webhook_url: url,
    webhook_events: endings,
    webhook_output_format: 'json' as const,
    webhook_signing_secret: secret,
  }
}
