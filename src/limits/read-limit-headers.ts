/** What a reply says about its account's limits; null: nothing. */
export interface LimitHeaders {
  requestsPerMinute: number | null
  tokensPerMinute: number | null
  /** How long nothing should be sent, when the reply was a 429. */
  retryAfterMs: number | null
}

/** OpenAI's `x-ratelimit-limit-*`, and `retry-after-ms`, `retry-after` (seconds, or a date) or what is exhausted's `x-ratelimit-reset-*`. */
export function readLimitHeaders(headers: Headers, nowMs: number): LimitHeaders {
  return {
    requestsPerMinute: wholeNumber(headers.get('x-ratelimit-limit-requests')),
    tokensPerMinute: wholeNumber(headers.get('x-ratelimit-limit-tokens')),
    retryAfterMs: wholeNumber(headers.get('retry-after-ms')) ?? readRetryAfter(headers, nowMs) ?? readResets(headers),
  }
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,15}(\.\d+)?$/.test(text) ? Math.ceil(Number(text)) : null
}

function readRetryAfter(headers: Headers, nowMs: number): number | null {
  const text = headers.get('retry-after')
  if (text === null) return null
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : null
  if (seconds !== null) return Math.ceil(seconds * 1000)
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}

function readResets(headers: Headers): number | null {
  const waits = ['requests', 'tokens']
    .filter(kind => headers.get(`x-ratelimit-remaining-${kind}`) === '0')
    .map(kind => readDuration(headers.get(`x-ratelimit-reset-${kind}`) ?? ''))
    .filter(wait => wait !== null)
  return waits.length > 0 ? Math.max(...waits) : null
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Durations as Go writes them: `12ms`, `1s`, `6m0s`, `1h0m0.5s`; in milliseconds, null when it is none. */
export function readDuration(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return null
  let sum = 0
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    sum += Number(count) * (unitMs[unit ?? ''] ?? 0)
  return Math.ceil(sum)
}
