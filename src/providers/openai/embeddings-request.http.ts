import type OpenAI from 'openai'
import { AppError } from '../../contract/failure.ts'
import { withDeadline } from '../../platform/with-deadline.ts'
import { refusalToAppError } from './errors.ts'

export interface EmbeddingsRequestOptions {
  apiKey: string
  baseUrl: string
  model: string
  dimensions: number
  /** For the whole exchange: connecting, waiting and reading the reply. */
  timeoutMs: number
  /** Where requests go instead of the network: a simulator, or a pooled client. */
  fetch?: (request: Request) => Promise<Response>
}

/** Sends one request and resolves to the body of the reply, unread. `call` names the request in messages. */
export type EmbeddingsRequest = (texts: string[], call: string, signal: AbortSignal) => Promise<string>

/**
 * POST /v1/embeddings through the official SDK, asking for base64. The SDK's own retries are off (it would retry every 429 and
 * hide it from the limiter), and its reply is taken raw: decoding it ourselves is an order of magnitude faster.
 * Rejects with the caller's reason when `signal` aborts, otherwise with an AppError.
 */
export function createEmbeddingsRequest(options: EmbeddingsRequestOptions): EmbeddingsRequest {
  let client: Promise<OpenAI> | undefined
  return async (texts, call, signal) => {
    client ??= loadClient(options)
    const sdk = await client
    const { model, dimensions, timeoutMs } = options
    const outcome = await withDeadline({ timeoutMs, signal }, async stop => {
      const body = { model, dimensions, input: texts, encoding_format: 'base64' } as const
      const response = await sdk.embeddings.create(body, { signal: stop }).asResponse()
      return await response.text()
    }).catch(error => {
      throw signal.aborted ? signal.reason : translate(error, call)
    })
    if (outcome.kind === 'done') return outcome.value
    throw timedOut(call, timeoutMs)
  }
}

/** Loaded at the first call: the SDK takes 150 ms to import. Nothing is read from its environment variables. */
async function loadClient(options: EmbeddingsRequestOptions): Promise<OpenAI> {
  const { OpenAI } = await import('openai')
  const { fetch } = options
  return new OpenAI({
    apiKey: options.apiKey,
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

function translate(error: unknown, call: string): AppError {
  if (isRefusal(error)) {
    const { status, headers, code, type, param } = error
    return refusalToAppError({ status, headers, code, type, param }, call)
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
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

/** The SDK's error for a reply that is not 2xx; its other errors carry no status. */
function isRefusal(
  error: unknown,
): error is { status: number; headers: Headers; code: unknown; type: unknown; param: unknown } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'headers' in error
}
