import type { NanoUsd } from '../../contract/money.ts'
import type { PriceUnits } from '../../contract/price-list.ts'
import { type Answer, errorAnswer } from './simulator-answer.ts'
import { answerEmbeddings } from './simulator-embeddings.ts'
import { applyFault, createFaultSource, type Fault, type RandomFaults } from './simulator-faults.ts'
import { createRateLimit, type RateLimits } from './simulator-rate-limit.ts'
import { answerUsage, isUsageReport, refuseOrdinaryKey } from './simulator-usage.ts'
import { createChargeBook } from './usage-simulated-charges.ts'

export interface OpenAiSimulatorOptions {
  countTokens(text: string): number
  /** What the bill says: each request is rounded up by itself. */
  price: PriceUnits
  /** Milliseconds of any clock that only goes forward; the rate limits count with it. */
  nowMs(): number
  /** The only key that is accepted; without it, any key is. */
  apiKey?: string
  /** The only key that may read usage and costs; without it, any key that begins with `sk-admin-` may. */
  adminKey?: string
  /** What charges are dated with in the reports on usage and costs; the clock of the machine if not given. */
  now?(): Date
  /** How long after a charge the reports begin to show it; at once if not given. */
  usageDelayMs?: number
  /** How long each answer takes at least. */
  latencyMs?: number
  /** Per model and minute. So high if not given that nothing meets them. */
  limits?: RateLimits
  randomFaults?: RandomFaults
}

export interface OpenAiSimulator {
  /** Answers a request as api.openai.com would. Rejects as `fetch` does when the request is aborted or the connection breaks. */
  fetch(request: Request): Promise<Response>
  /** Each of these hits one of the next requests, in this order, before any random fault. */
  inject(...faults: Fault[]): void
  counters(): OpenAiSimulatorCounters
}

/** Requests for reports are not counted. `inputs`, `tokens` and `chargedNanoUsd` count what the real service would have put on the bill, answered or not. */
export interface OpenAiSimulatorCounters {
  requests: number
  inputs: number
  tokens: number
  chargedNanoUsd: NanoUsd
}

/**
 * OpenAI's embeddings endpoint as a web-standard handler, strict as the real one (limits, error bodies, headers), with
 * deterministic vectors under which similar texts are near, and the two reports that show what it charged. The same requests in the same order get the same answers.
 * Sources: the official SDK's types and documentation, and replies that users of the real service reported (__fixtures__).
 */
export function createOpenAiSimulator(options: OpenAiSimulatorOptions): OpenAiSimulator {
  const counters: OpenAiSimulatorCounters = { requests: 0, inputs: 0, tokens: 0, chargedNanoUsd: 0n }
  const faults = createFaultSource(options.randomFaults)
  const rateLimit = createRateLimit(options.limits ?? { requestsPerMinute: 1_000_000, tokensPerMinute: 1_000_000_000 })
  const latencyMs = options.latencyMs ?? 0
  const charges = createChargeBook(options.usageDelayMs ?? 0)
  const now = options.now ?? (() => new Date())
  let answered = 0

  async function answer(request: Request, fault: Fault | undefined): Promise<Answer> {
    if (isUsageReport(request)) {
      const { adminKey } = options
      return (
        refuseOrdinaryKey(request, adminKey) ?? refuseKey(request, adminKey) ?? answerUsage(request, charges, now())
      )
    }
    const refusal = refuseAddress(request) ?? refuseKey(request, options.apiKey)
    if (refusal) return refusal
    const body = await request.text()
    return answerEmbeddings(body, {
      countTokens: options.countTokens,
      wrongVectors: fault?.kind === 'vectors' ? fault.wrong : undefined,
      admit: (model, tokens) => rateLimit.admit(model, tokens, options.nowMs()),
      charge(model, inputs, tokens) {
        counters.inputs += inputs
        counters.tokens += tokens
        const costNanoUsd = options.price(model, tokens)
        counters.chargedNanoUsd += costNanoUsd
        charges.record({ at: now(), model, tokens, costNanoUsd })
      },
    })
  }

  return {
    async fetch(request) {
      request.signal.throwIfAborted()
      if (!isUsageReport(request)) counters.requests++
      const requestId = `req_${(++answered).toString(16).padStart(32, '0')}`
      const fault = faults.next()
      if (latencyMs > 0) await sleep(latencyMs, request.signal)
      const { status, body, headers } = await applyFault(fault, request.signal, () => answer(request, fault))
      request.signal.throwIfAborted()
      const standard = {
        'content-type': 'application/json',
        'openai-version': '2020-10-01',
        'openai-processing-ms': String(Math.round(latencyMs)),
        'x-request-id': requestId,
      }
      return new Response(body, { status, headers: { ...standard, ...headers } })
    },
    inject: (...injected) => faults.push(injected),
    counters: () => ({ ...counters }),
  }
}

function refuseAddress(request: Request): Answer | null {
  const { pathname } = new URL(request.url)
  if (pathname !== '/v1/embeddings') {
    return errorAnswer(404, `Invalid URL (${request.method} ${pathname})`, { type: 'invalid_request_error' })
  }
  if (request.method === 'POST') return null
  const message = `Not allowed to ${request.method} on ${pathname}. (HINT: Perhaps you meant to use a different HTTP method?)`
  return errorAnswer(405, message, { type: 'invalid_request_error', code: 'method_not_supported' })
}

function refuseKey(request: Request, apiKey: string | undefined): Answer | null {
  const key = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  if (key === undefined) {
    const message =
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
    return errorAnswer(401, message, { type: 'invalid_request_error' })
  }
  if (apiKey === undefined || key === apiKey) return null
  const shown =
    key.length > 12 ? `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}` : '*'.repeat(key.length)
  const message = `Incorrect API key provided: ${shown}. You can find your API key at https://platform.openai.com/account/api-keys.`
  return errorAnswer(401, message, { type: 'invalid_request_error', code: 'invalid_api_key' })
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
