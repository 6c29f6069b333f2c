import { AppError, type FailureCode } from '../../contract/failure.ts'
import { withDeadline } from '../../platform/with-deadline.ts'

export interface UsageRequestOptions {
  apiKey: string
  /** The host of the region, e.g. `https://api.cloud.llamaindex.ai`. */
  baseUrl: string
  organizationId: string
  /** For each page: connecting, waiting and reading the reply. */
  timeoutMs: number
  /** Where requests go instead of the network: a simulator, or a pooled client. */
  fetch?: (request: Request) => Promise<Response>
}

/** Asks for one page and resolves to the body of the reply, unread. `call` names the request in messages. */
export type UsageRequest = (query: Record<string, string>, call: string, signal: AbortSignal) => Promise<string>

/**
 * GET /api/v1/beta/usage-metrics, which the official SDK does not have. Rejects with the caller's reason when `signal` aborts,
 * otherwise with an AppError, which holds neither the key nor what the provider wrote.
 */
export function createUsageRequest(options: UsageRequestOptions): UsageRequest {
  if (options.apiKey === '' || options.organizationId === '') {
    const message = "LlamaCloud's usage metrics need an API key and the id of the organization; one of them is not set."
    throw new AppError('provider_not_configured', message)
  }
  const send = options.fetch ?? globalThis.fetch
  return async (query, call, signal) => {
    const url = new URL('/api/v1/beta/usage-metrics', options.baseUrl)
    url.search = new URLSearchParams({ organization_id: options.organizationId, ...query }).toString()
    const { timeoutMs } = options
    const outcome = await withDeadline({ timeoutMs, signal }, async stop => {
      const headers = { authorization: `Bearer ${options.apiKey}`, accept: 'application/json' }
      const response = await send(new Request(url, { headers, signal: stop }))
      if (!response.ok) throw refusal(response.status, call)
      return await response.text()
    }).catch(error => {
      if (signal.aborted || error instanceof AppError) throw error
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
      const message = `${call} was not answered because the connection failed or broke off.`
      throw new AppError('provider_unavailable', message, { cause })
    })
    if (outcome.kind === 'done') return outcome.value
    throw new AppError('provider_unavailable', `${call} was not answered within ${timeoutMs} ms.`)
  }
}

function refusal(status: number, call: string): AppError {
  const [code, meaning] = meaningOf(status)
  return new AppError(code, `${call} was not done: ${meaning} (HTTP ${status}).`)
}

/** Organizations without access to the metrics get a 400 (reported by users, not documented). */
function meaningOf(status: number): readonly [FailureCode, string] {
  if (status === 429) return ['provider_rate_limited', 'LlamaCloud asks to slow down']
  if (status === 401) return ['provider_refused', 'LlamaCloud does not accept the API key in this region']
  if (status >= 500 || status === 408) return ['provider_unavailable', 'LlamaCloud did not answer properly']
  return ['provider_refused', 'LlamaCloud does not show usage of this organization to this key; check its id']
}
