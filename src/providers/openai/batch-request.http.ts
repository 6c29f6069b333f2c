import type OpenAI from 'openai'
import { AppError } from '../../contract/failure.ts'
import { withDeadline } from '../../platform/with-deadline.ts'
import type { EmbeddingsRequestOptions } from './embeddings-request.http.ts'
import { refusalToAppError } from './errors.ts'

/** A batch as it is used here. */
export type Batch = OpenAI.Batch

/** The calls of OpenAI's files and batches that embedding needs, each with its deadline. A 404 is null, where that can be. */
export interface BatchRequests {
  upload(lines: readonly string[], signal: AbortSignal): Promise<string>
  create(inputFileId: string, callId: string, signal: AbortSignal): Promise<Batch>
  retrieve(batchId: string, signal: AbortSignal): Promise<Batch | null>
  /** Newest first, `after` the one of that id. */
  list(after: string | undefined, signal: AbortSignal): Promise<Batch[]>
  cancel(batchId: string, signal: AbortSignal): Promise<void>
  /** The bytes of a file as they come. */
  read(fileId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array> | null>
  remove(fileId: string, signal: AbortSignal): Promise<void>
}

/** What a batch is found again by when the answer to its creation was lost. */
export const callKey = 'sluice_call'
export const pageSize = 100

/** Over the official SDK, with its own retries off. Calls fail with the AppErrors of `refusalToAppError`, or as `unanswered` says. */
export function createBatchRequests(
  options: Omit<EmbeddingsRequestOptions, 'model' | 'dimensions' | 'endpoint'>,
): BatchRequests {
  let client: Promise<OpenAI> | undefined
  const ask = async <T>(
    what: string,
    signal: AbortSignal,
    lost: 'provider_unavailable' | 'call_outcome_unknown',
    act: (sdk: OpenAI, stop: { signal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    client ??= loadClient(options)
    const sdk = await client
    const outcome = await withDeadline({ timeoutMs: options.timeoutMs, signal }, stop =>
      act(sdk, { signal: stop }),
    ).catch(error => {
      throw signal.aborted ? signal.reason : translate(error, what, lost)
    })
    if (outcome.kind === 'done') return outcome.value
    throw new AppError(lost, `${what} was not answered within ${options.timeoutMs} ms.`)
  }
  const free = 'provider_unavailable'
  return {
    upload: (lines, signal) =>
      ask('The upload of a batch of embeddings', signal, free, async (sdk, stop) => {
        const file = new File([lines.join('')], 'sluice.jsonl', { type: 'application/jsonl' })
        return (await sdk.files.create({ file, purpose: 'batch' }, stop)).id
      }),
    create: (inputFileId, callId, signal) =>
      ask('The creation of a batch of embeddings', signal, 'call_outcome_unknown', (sdk, stop) =>
        sdk.batches.create(
          {
            input_file_id: inputFileId,
            endpoint: '/v1/embeddings',
            completion_window: '24h',
            metadata: { [callKey]: callId },
          },
          stop,
        ),
      ),
    retrieve: (batchId, signal) =>
      orNull(ask(`Asking for batch ${batchId}`, signal, free, (sdk, stop) => sdk.batches.retrieve(batchId, stop))),
    list: (after, signal) =>
      ask('Listing batches', signal, free, async (sdk, stop) => {
        const page = await sdk.batches.list({ limit: pageSize, ...(after !== undefined && { after }) }, stop)
        return page.data
      }),
    async cancel(batchId, signal) {
      await orNull(ask(`Cancelling batch ${batchId}`, signal, free, (sdk, stop) => sdk.batches.cancel(batchId, stop)))
    },
    // Not under the deadline of a call: the body of a large file takes its time. The signal ends it.
    read: (fileId, signal) =>
      orNull(
        ask(`Reading file ${fileId}`, signal, free, async sdk => (await sdk.files.content(fileId, { signal })).body),
      ),
    async remove(fileId, signal) {
      await orNull(ask(`Removing file ${fileId}`, signal, free, (sdk, stop) => sdk.files.delete(fileId, stop)))
    },
  }
}

/** Failures that say that there is no such thing. */
const notThere = new WeakSet<AppError>()

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof AppError && notThere.has(error)) return null
    throw error
  }
}

async function loadClient({ apiKey, baseUrl, timeoutMs, fetch }: Parameters<typeof createBatchRequests>[0]) {
  const { OpenAI } = await import('openai')
  return new OpenAI({
    apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
    ...(fetch && { fetch: (url, init) => fetch(new Request(url, init)) }),
  })
}

type Refused = { status: number; headers: Headers; code: unknown; type: unknown; param: unknown }

function translate(error: unknown, what: string, lost: 'provider_unavailable' | 'call_outcome_unknown'): AppError {
  const isRefusal =
    error instanceof Error && 'status' in error && typeof error.status === 'number' && 'headers' in error
  if (!isRefusal) return new AppError(lost, `${what} was not answered: the connection broke off.`, { cause: error })
  const refusal = error as unknown as Refused
  const failure = refusalToAppError(refusal, what)
  if (refusal.status === 404) notThere.add(failure)
  // A 5xx may have done its work.
  return refusal.status >= 500 && lost === 'call_outcome_unknown' ? new AppError(lost, failure.message) : failure
}
