import { type Answer, errorAnswer, retryHeaders } from './simulator-answer.ts'

export interface RateLimits {
  requestsPerMinute: number
  tokensPerMinute: number
}

export interface RateLimit {
  /** Takes one request of so many tokens at `nowMs`; `refusal` where it passes a limit, which then takes nothing. */
  admit(model: string, tokens: number, nowMs: number): { headers: Record<string, string>; refusal?: Answer }
}

/** Two buckets per model, for requests and for tokens, that fill steadily over a minute, as OpenAI's do. */
export function createRateLimit(limits: RateLimits): RateLimit {
  const buckets = new Map<string, { requests: Bucket; tokens: Bucket }>()
  return {
    admit(model, tokens, nowMs) {
      const full = (limit: number): Bucket => ({ limit, left: limit, atMs: nowMs })
      const before = buckets.get(model) ?? {
        requests: full(limits.requestsPerMinute),
        tokens: full(limits.tokensPerMinute),
      }
      const filled = { requests: fill(before.requests, nowMs), tokens: fill(before.tokens, nowMs) }
      const waitMs = { requests: waitFor(filled.requests, 1), tokens: waitFor(filled.tokens, tokens) }
      if (waitMs.requests > 0 || waitMs.tokens > 0) {
        buckets.set(model, filled)
        const headers = headersOf(filled)
        if (tokens > limits.tokensPerMinute)
          return { headers: {}, refusal: refuseForGood(model, tokens, limits, headers) }
        const type = waitMs.requests >= waitMs.tokens ? 'requests' : 'tokens'
        const amount = type === 'requests' ? 1 : tokens
        return {
          headers: {},
          refusal: refuse({ model, type, bucket: filled[type], amount, waitMs: waitMs[type] }, headers),
        }
      }
      const after = { requests: take(filled.requests, 1), tokens: take(filled.tokens, tokens) }
      buckets.set(model, after)
      return { headers: headersOf(after) }
    },
  }
}

interface Bucket {
  limit: number
  left: number
  atMs: number
}

const minuteMs = 60_000

function fill({ limit, left, atMs }: Bucket, nowMs: number): Bucket {
  return { limit, left: Math.min(limit, left + (Math.max(0, nowMs - atMs) * limit) / minuteMs), atMs: nowMs }
}

function take(bucket: Bucket, amount: number): Bucket {
  return { ...bucket, left: bucket.left - amount }
}

function waitFor({ limit, left }: Bucket, amount: number): number {
  return Math.max(0, ((amount - left) * minuteMs) / limit)
}

interface Excess {
  model: string
  type: 'requests' | 'tokens'
  bucket: Bucket
  amount: number
  waitMs: number
}

/** Word for word what users report. */
function refuse({ model, type, bucket, amount, waitMs }: Excess, headers: Record<string, string>): Answer {
  const unit = type === 'requests' ? 'requests per min (RPM)' : 'tokens per min (TPM)'
  const used = Math.ceil(bucket.limit - bucket.left)
  const message = `Rate limit reached for ${model} in organization org-simulated on ${unit}: Limit ${bucket.limit}, Used ${used}, Requested ${amount}. Please try again in ${duration(waitMs)}. Visit https://platform.openai.com/account/rate-limits to learn more.`
  return errorAnswer(429, message, { type, code: 'rate_limit_exceeded' }, { ...headers, ...retryHeaders(waitMs) })
}

/** A request that alone has more tokens than a minute's: the same code, but no wait would help, and none is named. */
function refuseForGood(model: string, tokens: number, limits: RateLimits, headers: Record<string, string>): Answer {
  const message = `Request too large for ${model} in organization org-simulated on tokens per min (TPM): Limit ${limits.tokensPerMinute}, Requested ${tokens}. The input or output tokens must be reduced in order to run successfully. Visit https://platform.openai.com/account/rate-limits to learn more.`
  return errorAnswer(429, message, { type: 'tokens', code: 'rate_limit_exceeded' }, headers)
}

function headersOf(buckets: { requests: Bucket; tokens: Bucket }): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, { limit, left }] of Object.entries(buckets)) {
    headers[`x-ratelimit-limit-${name}`] = String(limit)
    headers[`x-ratelimit-remaining-${name}`] = String(Math.floor(left))
    headers[`x-ratelimit-reset-${name}`] = duration(((limit - left) * minuteMs) / limit)
  }
  return headers
}

/** As OpenAI writes it, and as Go prints durations: `0s`, `12ms`, `1.5s`, `6m0s`, `1h0m0s`. */
function duration(ms: number): string {
  const whole = Math.ceil(ms)
  if (whole > 0 && whole < 1000) return `${whole}ms`
  const minutes = Math.floor(whole / minuteMs)
  const hours = Math.floor(minutes / 60)
  const seconds = `${(whole % minuteMs) / 1000}s`
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes % 60}m` : ''}${seconds}`
}
