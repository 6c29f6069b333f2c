import type { EmbedBatchInput, EmbedBatchOutput, EmbedBatchService } from '../../contract/embed-batch-service.ts'
import { AppError } from '../../contract/failure.ts'
import type { PriceUnits } from '../../contract/price-list.ts'
import type { Collected, Submission, Usage } from '../../contract/service.ts'
import { type BatchResults, readBatchLines, splitLines, writeBatchLines } from './batch-lines.ts'
import { type Batch, type BatchRequests, callKey, createBatchRequests, pageSize } from './batch-request.http.ts'
import type { EmbeddingsRequestOptions } from './embeddings-request.http.ts'
import { maxInputsPerBatch, maxTokensPerInput } from './limits.ts'

export interface OpenAiBatchOptions extends Omit<EmbeddingsRequestOptions, 'endpoint'> {
  simulated: boolean
  /** The price of embedding at once, of which a batch costs half (source: OpenAI's price list). */
  price: PriceUnits
}

/** What one batch takes here: OpenAI's 50,000 inputs and 200 MB, less of both so that results stay small enough to read. */
export const maxTextsPerBatch = Math.min(10_000, maxInputsPerBatch)
const maxBytes = 150_000_000
const hourMs = 3_600_000
/** A batch expires after 24 hours, with what it has done by then; a simulated one takes seconds. */
const deadlineMs = ({ simulated }: OpenAiBatchOptions) => (simulated ? 10 * 60_000 : 25 * hourMs)
const skewMs = 5 * 60_000
const listedPages = 20
const over = new Set<Batch['status']>(['completed', 'failed', 'expired', 'cancelled'])

/**
 * Embeddings by OpenAI's Batch API, or by a simulator of it: within 24 hours, for half the price, results in one piece. A batch that expires
 * or is cancelled gives what it has finished, and charges for that. Failures are those of the embeddings client.
 */
export function createOpenAiBatches(options: OpenAiBatchOptions): EmbedBatchService {
  const requests = createBatchRequests(options)
  const price = (tokens: number): Usage => {
    const half = (options.price(options.model, tokens) + 1n) / 2n
    return { units: tokens, costNanoUsd: options.simulated ? 0n : half, shadowNanoUsd: half }
  }
  return {
    quote: ({ texts }) => price(texts.reduce((sum, text) => sum + text.tokenCount, 0)),
    price,
    variant: () => `openai/${options.model}/${options.dimensions};batch${options.simulated ? ';simulated' : ''}`,
    jobs: {
      submit: (input, { signal, callId }) => submit(requests, options, input, callId, signal),
      async ended(batchIds, { signal }) {
        const ended = new Set<string>()
        for (const id of batchIds) {
          const batch = await requests.retrieve(id, signal)
          if (batch === null || over.has(batch.status)) ended.add(id)
        }
        return ended
      },
      collect: (batchId, input, { signal }) => collect(requests, options, price, batchId, input, signal),
      async bill(batchId, _model, { signal }) {
        const batch = await requests.retrieve(batchId, signal)
        if (batch === null || !over.has(batch.status)) return null
        return price(batch.usage?.input_tokens ?? (await readResults(requests, options, batch, signal)).tokens)
      },
      cancel: (batchId, { signal }) => requests.cancel(batchId, signal),
      async remove(batchId, { signal }) {
        const batch = await requests.retrieve(batchId, signal)
        const files = [batch?.input_file_id, batch?.output_file_id, batch?.error_file_id]
        for (const file of files) if (file) await requests.remove(file, signal)
      },
      find: (callId, submittedAt, { signal }) => find(requests, options, callId, submittedAt, signal),
      lookAgainMs: looks => (options.simulated ? 200 * Math.min(looks + 1, 10) : 30_000 * Math.min(looks + 1, 10)),
      whenStuck: 'retry',
    },
  }
}

async function submit(
  requests: BatchRequests,
  options: OpenAiBatchOptions,
  input: EmbedBatchInput,
  callId: string,
  signal: AbortSignal,
): Promise<Submission> {
  const tooLong = input.texts.find(text => text.tokenCount > maxTokensPerInput || text.tokenCount < 1)
  if (tooLong) throw new AppError('call_invalid', `A text of ${tooLong.tokenCount} tokens cannot be embedded.`)
  const lines = writeBatchLines(input, options)
  const byteCount = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0)
  if (lines.length > maxTextsPerBatch || byteCount > maxBytes)
    throw new AppError('call_invalid', `${lines.length} texts of ${byteCount} bytes are too much for one batch.`)
  const fileId = await requests.upload(lines, signal)
  try {
    return { remoteId: (await requests.create(fileId, callId, signal)).id, deadlineMs: deadlineMs(options) }
  } catch (error) {
    const mayExist = error instanceof AppError && error.code === 'call_outcome_unknown'
    if (!mayExist) await requests.remove(fileId, AbortSignal.timeout(options.timeoutMs)).catch(() => {})
    throw error
  }
}

async function collect(
  requests: BatchRequests,
  options: OpenAiBatchOptions,
  price: (tokens: number) => Usage,
  batchId: string,
  { texts }: EmbedBatchInput,
  signal: AbortSignal,
): Promise<Collected<EmbedBatchOutput>> {
  const batch = await requests.retrieve(batchId, signal)
  if (batch === null) return { kind: 'gone' }
  if (!over.has(batch.status)) return { kind: 'running' }
  if (batch.status === 'failed') return { kind: 'failed', error: refused(batch), usage: price(0) }
  const results = await readResults(requests, options, batch, signal)
  for (const { key } of texts)
    if (!results.vectors.has(key) && !results.failed.has(key)) results.failed.set(key, batch.status)
  const { vectors, failed } = results
  return { kind: 'done', output: { vectors, failed }, usage: price(batch.usage?.input_tokens ?? results.tokens) }
}

/** Codes of the errors as users of the real service report them; their messages can quote what was sent. */
function refused({ id, errors }: Batch): AppError {
  const codes = [...new Set((errors?.data ?? []).map(error => error.code ?? 'unknown'))]
  const why = `OpenAI refused batch ${id} (${codes.join(', ') || 'no reason given'})`
  return codes.includes('token_limit_exceeded')
    ? new AppError('provider_rate_limited', `${why}: too much waits in batches already.`, { retryAfterMs: 600_000 })
    : new AppError('call_invalid', `${why}.`)
}

async function readResults(
  requests: BatchRequests,
  { dimensions }: OpenAiBatchOptions,
  batch: Batch,
  signal: AbortSignal,
): Promise<BatchResults> {
  const results: BatchResults = { vectors: new Map(), failed: new Map(), tokens: 0 }
  for (const fileId of [batch.output_file_id, batch.error_file_id]) {
    const bytes = fileId ? await requests.read(fileId, signal) : null
    if (bytes) await readBatchLines(splitLines(bytes), dimensions, `batch ${batch.id}`, results)
  }
  return results
}

/** Looks through the batches of that time; `none` only when the list reached back to it. */
async function find(
  requests: BatchRequests,
  options: OpenAiBatchOptions,
  callId: string,
  submittedAt: Date,
  signal: AbortSignal,
): Promise<Submission | 'none' | 'unknown'> {
  let after: string | undefined
  for (let page = 0; page < listedPages; page++) {
    const batches = await requests.list(after, signal)
    const found = batches.find(batch => batch.metadata?.[callKey] === callId)
    if (found) return { remoteId: found.id, deadlineMs: deadlineMs(options) }
    const last = batches.at(-1)
    if (!last || batches.length < pageSize || last.created_at * 1000 < submittedAt.getTime() - skewMs) return 'none'
    after = last.id
  }
  return 'unknown'
}
