import type OpenAI from 'openai'
import { AppError } from '../../contract/failure.ts'
import { withDeadline } from '../../platform/with-deadline.ts'
import { type EndpointProfile, requestFields } from './endpoint-profile.ts'
import { openAiProfile } from './endpoint-profiles.ts'
import { type Refusal, refusalToAppError } from './errors.ts'

export interface EmbeddingsRequestOptions {
  /** Whose embeddings these are; OpenAI's if not given. */
  endpoint?: EndpointProfile
  /** Empty: none is sent. */
  apiKey: string
  baseUrl: string
  model: string
  dimensions: number
  /** For the whole exchange: connecting, waiting and reading the reply. */
  timeoutMs: number
  /** Where requests go instead of the network: a simulator, or a pooled client. */
  fetch?: (request: Request) => Promise<Response>
}

/** Sends one request and resolves to the body of the reply, unread. `call` names the request in messages; `heard` gets the headers of any reply. */
export type EmbeddingsRequest = (
  texts: string[],
  call: string,
  signal: AbortSignal,
  heard?: (headers: Headers) => void,
) => Promise<string>

/**
 * POST …/embeddings through the official SDK, asking for base64 where the endpoint knows it. The SDK's own retries are off (it would
 * retry every 429 and hide it from the limiter), and its reply is taken raw: decoding it ourselves is an order of magnitude faster.
 * Its `embeddings.create` is not used, since that always sends `encoding_format`, which some servers refuse.
 * Rejects with the caller's reason when `signal` aborts, otherwise with an AppError.
 */
export function createEmbeddingsRequest(options: EmbeddingsRequestOptions): EmbeddingsRequest {
  const endpoint = options.endpoint ?? openAiProfile
  const fields = requestFields(endpoint, options)
  let client: Promise<OpenAI> | undefined
  return async (texts, call, signal, heard) => {
    client ??= loadClient(options, endpoint)
    const sdk = await client
    const { timeoutMs } = options
    const outcome = await withDeadline({ timeoutMs, signal }, async stop => {
      const response = await sdk.post('/embeddings', { body: { ...fields, input: texts }, signal: stop }).asResponse()
      heard?.(response.headers)
      return await response.text()
    }).catch(error => {
      if (isRefusal(error)) heard?.(error.headers)
      throw signal.aborted ? signal.reason : translate(error, call, endpoint)
    })
    if (outcome.kind === 'done') return outcome.value
    throw timedOut(call, timeoutMs)
  }
}

/** Loaded at the first call: the SDK takes 150 ms to import. Nothing is read from its environment variables. */
async function loadClient(options: EmbeddingsRequestOptions, endpoint: EndpointProfile): Promise<OpenAI> {
  const { OpenAI } = await import('openai')
  const { apiKey, fetch } = options
  return new OpenAI({
    apiKey: apiKey === '' ? 'none' : apiKey,
    defaultHeaders: keyHeaders(endpoint, apiKey),
    defaultQuery: { ...endpoint.query },
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: options.baseUrl,
    maxRetries: 0,
    timeout: options.timeoutMs,
    logLevel: 'off',
    ...(fetch && { fetch: (url, init) => fetch(new Request(url, init)) }),
  })
}

/** Null removes what the SDK would send by itself. */
function keyHeaders({ keyHeader }: EndpointProfile, apiKey: string): Record<string, string | null> {
  if (apiKey === '') return { authorization: null }
  return keyHeader === 'authorization' ? {} : { authorization: null, [keyHeader]: apiKey }
}

function translate(error: unknown, call: string, endpoint: EndpointProfile): AppError {
  if (isRefusal(error)) return refusalToAppError(fieldsOf(error), call, endpoint)
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof AppError) return cause
  if (neverLeft(cause))
    return new AppError('provider_unavailable', `${call} was not made: the server cannot be reached.`, { cause })
  return new AppError('call_outcome_unknown', `${call} was not answered: the connection broke off.`, { cause })
}

/** No connection came about, so that nothing can have been charged. */
function neverLeft(error: unknown): boolean {
  const codes = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']
  for (let e = error; e instanceof Error; e = e.cause) if ('code' in e && codes.includes(String(e.code))) return true
  return false
}

function timedOut(call: string, timeoutMs: number): AppError {
  return new AppError('call_outcome_unknown', `${call} was not answered within ${timeoutMs} ms.`)
}

/** `error` is the body's `error` object, or the whole body where it has none. */
function fieldsOf({ status, headers, code, type, param, error }: SdkError): Refusal {
  const detail = typeof error === 'object' && error !== null && 'detail' in error ? error.detail : undefined
  return { status, headers, code, type, param, detail }
}

type SdkError = Refusal & { error: unknown }

/** The SDK's error for a reply that is not 2xx; its other errors carry no status. */
function isRefusal(error: unknown): error is SdkError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'headers' in error
}
