import type OpenAI from 'openai'
import type { UsageCostsParams, UsageEmbeddingsParams } from 'openai/resources/admin/organization/usage'
import { AppError } from '../../contract/failure.ts'
import { withDeadline } from '../../platform/with-deadline.ts'
import { refusalToAppError } from './errors.ts'

export interface UsageRequestOptions {
  /** A key of the organization's administration (`sk-admin-…`): ordinary keys may not read usage. */
  adminKey: string
  baseUrl: string
  /** For each page: connecting, waiting and reading the reply. */
  timeoutMs: number
  /** Where requests go instead of the network: a simulator, or a pooled client. */
  fetch?: (request: Request) => Promise<Response>
}

/** One of OpenAI's reports, and what is asked of it. */
export type UsageQuestion =
  | { report: 'costs'; query: UsageCostsParams }
  | { report: 'embeddings'; query: UsageEmbeddingsParams }

/** Asks for one page and resolves to the body of the reply, unread. `call` names the request in messages. */
export type UsageRequest = (question: UsageQuestion, call: string, signal: AbortSignal) => Promise<string>

/**
 * GET /v1/organization/costs and /v1/organization/usage/embeddings through the official SDK, without its retries. The reply is
 * taken raw, since the SDK would read amounts as floats. Rejects with the caller's reason when `signal` aborts, otherwise with
 * an AppError, which never holds the key.
 */
export function createUsageRequest(options: UsageRequestOptions): UsageRequest {
  if (options.adminKey === '')
    throw new AppError('provider_not_configured', "OpenAI's usage reports need an admin key, and none is set.")
  let client: Promise<OpenAI> | undefined
  return async (question, call, signal) => {
    client ??= loadClient(options)
    const { usage } = (await client).admin.organization
    const { timeoutMs } = options
    const outcome = await withDeadline({ timeoutMs, signal }, async stop => {
      const either = { signal: stop }
      const reply =
        question.report === 'costs' ? usage.costs(question.query, either) : usage.embeddings(question.query, either)
      return await (await reply.asResponse()).text()
    }).catch(error => {
      throw signal.aborted ? signal.reason : translate(error, call)
    })
    if (outcome.kind === 'done') return outcome.value
    throw new AppError('provider_unavailable', `${call} was not answered within ${timeoutMs} ms.`)
  }
}

/** Loaded at the first call: the SDK takes 150 ms to import. Nothing is read from its environment variables. */
async function loadClient(options: UsageRequestOptions): Promise<OpenAI> {
  const { OpenAI } = await import('openai')
  const { fetch } = options
  return new OpenAI({
    apiKey: null,
    adminAPIKey: options.adminKey,
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
  if (!isRefusal(error)) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const message = `${call} was not answered: the connection failed or broke off.`
    return new AppError('provider_unavailable', message, { cause })
  }
  if (error.status !== 401 && error.status !== 403) return refusalToAppError(error, call)
  const message = `${call} was not done: OpenAI does not let this key read usage; it takes an admin key of the organization (HTTP ${error.status}).`
  return new AppError('provider_refused', message)
}

/** The SDK's error for a reply that is not 2xx; its other errors carry no status. */
function isRefusal(error: unknown): error is Parameters<typeof refusalToAppError>[0] {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'headers' in error
}
