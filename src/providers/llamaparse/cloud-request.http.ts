import type LlamaCloud from '@llamaindex/llama-cloud'
import { AppError } from '../../contract/failure.ts'
import { withDeadline } from '../../platform/with-deadline.ts'
import type { LlamaParseOptions } from './parse-client-options.ts'
import { failureOfRefusal, type Refusal } from './parse-errors.ts'

/** The SDK's types let pass any fields but for these two. */
export type Configuration = Parameters<LlamaCloud['parsing']['create']>[0]
type ListQuery = NonNullable<Parameters<LlamaCloud['parsing']['list']>[0]>

/** The calls of LlamaParse v2 that are used. What comes as text is the body of a reply, unread; null: LlamaCloud does not know the job. */
export interface CloudRequest {
  create(configuration: Configuration, file: File, call: string, signal: AbortSignal): Promise<string>
  get(jobId: string, expand: string[], signal: AbortSignal): Promise<string | null>
  list(query: ListQuery, signal: AbortSignal): Promise<string>
  /** Does nothing when the job has ended or is gone. */
  cancel(jobId: string, signal: AbortSignal): Promise<void>
  /** Does nothing when the job is gone. */
  remove(jobId: string, signal: AbortSignal): Promise<void>
}

interface Exchange {
  /** Names the call in messages. */
  call: string
  signal: AbortSignal
  timeoutMs: number
  /** The call creates a job: without a proper answer nobody knows whether it has. */
  creates: boolean
}
type Send = (sdk: LlamaCloud, options: { signal: AbortSignal }) => { asResponse(): Promise<Response> }
type Reply = { kind: 'answered'; body: string } | ({ kind: 'refused' } & Refusal)

/**
 * Exchanges with LlamaCloud through the official SDK, whose own retries are off: it would retry a lost answer and so buy a second job. Its
 * deadline ends at the headers, so each exchange has one of its own. Rejects with the caller's reason when `signal` aborts, else with an AppError.
 */
export function createCloudRequest(options: LlamaParseOptions): CloudRequest {
  let client: Promise<LlamaCloud> | undefined
  const exchange = async (about: Exchange, send: Send) => {
    client ??= loadClient(options)
    return await exchangeWith(await client, about, send)
  }
  const ask = (call: string, signal: AbortSignal, send: Send) =>
    exchange({ call, signal, timeoutMs: options.timeoutMs, creates: false }, send)
  return {
    async create(configuration, file, call, signal) {
      const timeoutMs = options.uploadTimeoutMs ?? options.timeoutMs
      const params = { ...configuration, upload_file: file }
      const about = { call, signal, timeoutMs, creates: true }
      return bodyOf(await exchange(about, (sdk, stop) => sdk.parsing.create(params, stop)), call, true)
    },
    async get(jobId, expand, signal) {
      const call = `Asking LlamaParse for job ${jobId}`
      const reply = await ask(call, signal, (sdk, stop) => sdk.parsing.get(jobId, { expand }, stop))
      return reply.kind === 'refused' && isUnknownJob(reply) ? null : bodyOf(reply, call)
    },
    async list(query, signal) {
      const call = "Asking for LlamaParse's list of jobs"
      return bodyOf(await ask(call, signal, (sdk, stop) => sdk.parsing.list(query, stop)), call)
    },
    async cancel(jobId, signal) {
      const call = `Cancelling LlamaParse's job ${jobId}`
      const reply = await ask(call, signal, (sdk, stop) => sdk.parsing.cancel(jobId, {}, stop))
      // 400: it has ended (a guess; that it is refused then is documented).
      if (reply.kind === 'answered' || ![400, 404, 409].includes(reply.status)) bodyOf(reply, call)
    },
    async remove(jobId, signal) {
      const call = `Deleting LlamaParse's job ${jobId}`
      const reply = await ask(call, signal, (sdk, stop) => sdk.parsing.delete(jobId, {}, stop))
      if (reply.kind === 'answered' || reply.status !== 404) bodyOf(reply, call)
    },
  }
}

async function exchangeWith(sdk: LlamaCloud, about: Exchange, send: Send): Promise<Reply> {
  const { call, signal, timeoutMs, creates } = about
  const outcome = await withDeadline({ timeoutMs, signal }, async (stop): Promise<Reply> => {
    try {
      const response = await send(sdk, { signal: stop }).asResponse()
      return { kind: 'answered', body: await response.text() }
    } catch (error) {
      if (isRefusal(error)) {
        const { status, headers } = error
        return { kind: 'refused', status, headers, detail: error.error?.detail }
      }
      throw stop.aborted ? error : translate(error, about)
    }
  })
  if (outcome.kind === 'done') return outcome.value
  const message = `${call} was not answered within ${timeoutMs} ms.`
  throw new AppError(creates ? 'call_outcome_unknown' : 'provider_unavailable', message)
}

function bodyOf(reply: Reply, call: string, creates = false): string {
  if (reply.kind === 'answered') return reply.body
  throw failureOfRefusal(reply, call, creates)
}

/** A 404 that speaks of a job; one without is of a wrong address, and must not pass for a job that is gone. */
function isUnknownJob({ status, detail }: Refusal): boolean {
  return status === 404 && typeof detail === 'string' && /\bjob\b/i.test(detail)
}

/** Loaded at the first call. Nothing is taken from the SDK's environment variables: each is given, and headers are chosen anew. */
async function loadClient(options: LlamaParseOptions): Promise<LlamaCloud> {
  const { LlamaCloud } = await import('@llamaindex/llama-cloud')
  const send = options.fetch ?? globalThis.fetch
  return new LlamaCloud({
    apiKey: options.apiKey,
    baseURL: options.baseUrl,
    maxRetries: 0,
    // Longer than the exchange's own deadline, which so comes first.
    timeout: Math.max(options.timeoutMs, options.uploadTimeoutMs ?? 0) + 60_000,
    logLevel: 'off',
    fetch: async (url, init) => {
      // Before its first upload the SDK asks its `fetch` for an empty data URL, to find out what it can do.
      if (String(url).startsWith('data:')) return new Response('')
      const request = new Request(url, { ...init, headers: chooseHeaders(init, options.apiKey) })
      return await send(request).catch(error => {
        // Not as its cause: the SDK forgets an error whose cause speaks of a time-out.
        throw Object.assign(new Error('The exchange failed.'), { failure: error })
      })
    },
  })
}

/** The SDK's own headers, without what LLAMA_CLOUD_CUSTOM_HEADERS may have added. */
function chooseHeaders(init: RequestInit | undefined, apiKey: string): Headers {
  const chosen = new Headers({ authorization: `Bearer ${apiKey}` })
  for (const [name, value] of new Headers(init?.headers))
    if (/^(accept|user-agent|x-stainless-.*)$/.test(name)) chosen.set(name, value)
  return chosen
}

function translate(error: unknown, { call, creates }: Exchange): AppError {
  let cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error && 'failure' in cause) cause = cause.failure
  if (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  if (cause instanceof AppError) return cause
  if (neverLeft(cause))
    return new AppError('provider_unavailable', `${call} was not done: LlamaCloud cannot be reached.`, { cause })
  const message = `${call} was not answered: the connection broke off.`
  return new AppError(creates ? 'call_outcome_unknown' : 'provider_unavailable', message, { cause })
}

/** No connection came about, so that no job can have been created. */
function neverLeft(error: unknown): boolean {
  const codes = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(neverLeft)
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** The SDK's error for a reply that is not 2xx; its other errors carry no status. */
function isRefusal(error: unknown): error is { status: number; headers: Headers; error?: { detail?: unknown } } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'headers' in error
}
