import { AppError, type FailureCode } from '../../contract/failure.ts'

/** What an HTTP reply that is not 2xx says. `code`, `type` and `param` are the fields of OpenAI's `error` object. */
export interface Refusal {
  status: number
  headers: Headers
  code?: unknown
  type?: unknown
  param?: unknown
}

/**
 * A refusal as the AppError that its `error.code`, else its status stands for. `call` names the call in the message.
 * The provider's own message is left out: it can quote the text that was sent, or a part of the key.
 */
export function refusalToAppError(refusal: Refusal, call: string): AppError {
  const [failure, meaning] =
    meaningByCode.get(String(refusal.code)) ??
    meaningByCode.get(String(refusal.type)) ??
    meaningOfStatus(refusal.status)
  const details = [
    `HTTP ${refusal.status}`,
    ...named('code', refusal.code),
    ...named('param', refusal.param),
    ...named('request id', refusal.headers.get('x-request-id')),
  ]
  const retryAfterMs = readRetryAfterMs(refusal.headers)
  const message = `${call} was not done: ${meaning} (${details.join(', ')}).`
  return new AppError(failure, message, retryAfterMs === undefined ? {} : { retryAfterMs })
}

/** The wait that the reply asks for, from `retry-after-ms` or `retry-after` (seconds, or a date against the reply's own `date`). */
export function readRetryAfterMs(headers: Headers): number | undefined {
  const ms = headers.get('retry-after-ms')
  const after = headers.get('retry-after')
  const waitsMs = [
    ms === null ? Number.NaN : Number(ms || Number.NaN),
    after === null ? Number.NaN : Number(after || Number.NaN) * 1000,
    Date.parse(after ?? '') - Date.parse(headers.get('date') ?? ''),
  ]
  return waitsMs.find(wait => Number.isFinite(wait) && wait >= 0)
}

type Meaning = readonly [failure: FailureCode, meaning: string]

const slowDown: Meaning = ['provider_rate_limited', 'OpenAI asks to slow down']
const spent = (what: string): Meaning => [
  'provider_out_of_credits',
  `${what}; raise it or add credit at https://platform.openai.com/settings/organization/billing`,
]

/** Codes decide before the status: a 429 can mean "wait" or "your money is spent". */
const meaningByCode: ReadonlyMap<string, Meaning> = new Map([
  ['rate_limit_exceeded', slowDown],
  ['slow_down', slowDown],
  ['insufficient_quota', spent("the account's quota is used up")],
  ['credit_balance_exhausted', spent("the account's credit is used up")],
  ['organization_spend_limit_exceeded', spent("the organization's spend limit is reached")],
  ['project_spend_limit_exceeded', spent("the project's spend limit is reached")],
  ['organization_usage_limit_exceeded', spent("the organization's usage limit is reached")],
  ['invalid_api_key', ['provider_key_refused', 'OpenAI does not know this API key; check OPENAI_API_KEY']],
  ['model_not_found', ['provider_refused', 'the model does not exist or this key may not use it; check the model']],
  ['max_tokens_per_request', ['call_invalid', 'the request holds more tokens than OpenAI takes at once']],
])

function meaningOfStatus(status: number): Meaning {
  if (status === 429) return slowDown
  if (status === 401) return ['provider_key_refused', 'OpenAI does not accept the API key; check OPENAI_API_KEY']
  if (status === 403) return ['provider_key_refused', 'this API key may not do that; check its permissions and region']
  if (status === 404)
    return ['provider_refused', 'there is no such endpoint or model; check the base URL and the model']
  if (status === 408 || status === 409) return ['provider_unavailable', 'OpenAI could not take the request just now']
  if (status >= 400 && status < 500) return ['call_invalid', 'OpenAI says that the request is wrong']
  return ['provider_unavailable', 'OpenAI did not answer properly']
}

/** Only what looks like a name passes, since these fields come from outside and end up in logs. */
function named(label: string, value: unknown): string[] {
  return typeof value === 'string' && /^[\w.$[\]-]{1,80}$/.test(value) ? [`${label} ${value}`] : []
}
