import { AppError, type FailureCode } from '../../contract/failure.ts'

/**
 * What an HTTP reply that is not 2xx says. `code`, `type` and `param` are the fields of OpenAI's `error` object, which other servers
 * put at the top of the body; `detail` is what FastAPI says instead: a text, or a list of fields with what is wrong with each.
 */
export interface Refusal {
  status: number
  headers: Headers
  code?: unknown
  type?: unknown
  param?: unknown
  detail?: unknown
}

/** Who refused, and which variable holds its key. */
export interface Refuser {
  label: string
  keyName: string
}
const openAi: Refuser = { label: 'OpenAI', keyName: 'OPENAI_API_KEY' }

/**
 * A refusal as the AppError that its `error.code`, else its status stands for. `call` names the call in the message.
 * The provider's own message is left out: it can quote the text that was sent, or a part of the key.
 */
export function refusalToAppError(refusal: Refusal, call: string, refuser: Refuser = openAi): AppError {
  const { failure, meaning } = (
    meaningByCode.get(String(refusal.code)) ??
    meaningByCode.get(String(refusal.type)) ??
    meaningOfStatus(refusal.status)
  )(refuser)
  const details = [
    `HTTP ${refusal.status}`,
    ...named('code', refusal.code),
    ...named('param', refusal.param),
    ...fieldOf(refusal.detail),
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

type Meaning = (refuser: Refuser) => { failure: FailureCode; meaning: string }

const slowDown: Meaning = ({ label }) => ({ failure: 'provider_rate_limited', meaning: `${label} asks to slow down` })
const spent =
  (what: string): Meaning =>
  ({ label }) => ({
    failure: 'provider_out_of_credits',
    meaning: `${what}; raise it or add credit at ${label === openAi.label ? 'https://platform.openai.com/settings/organization/billing' : label}`,
  })
const badKey: Meaning = ({ label, keyName }) => ({
  failure: 'provider_key_refused',
  meaning: `${label} does not accept the API key; check ${keyName}`,
})
const always =
  (failure: FailureCode, meaning: string): Meaning =>
  () => ({ failure, meaning })

/** Codes decide before the status: a 429 can mean "wait" or "your money is spent". */
const meaningByCode: ReadonlyMap<string, Meaning> = new Map([
  ['rate_limit_exceeded', slowDown],
  ['slow_down', slowDown],
  ['insufficient_quota', spent("the account's quota is used up")],
  ['credit_balance_exhausted', spent("the account's credit is used up")],
  ['organization_spend_limit_exceeded', spent("the organization's spend limit is reached")],
  ['project_spend_limit_exceeded', spent("the project's spend limit is reached")],
  ['organization_usage_limit_exceeded', spent("the organization's usage limit is reached")],
  [
    'invalid_api_key',
    ({ label, keyName }) => ({
      failure: 'provider_key_refused',
      meaning: `${label} does not know this API key; check ${keyName}`,
    }),
  ],
  [
    'model_not_found',
    always('provider_refused', 'the model does not exist or this key may not use it; check the model'),
  ],
  [
    'max_tokens_per_request',
    ({ label }) => ({ failure: 'call_invalid', meaning: `the request holds more tokens than ${label} takes at once` }),
  ],
  // Jina: a 403 that is not about the key.
  ['AUTHZ_INSUFFICIENT_BALANCE', spent("the account's credit is used up")],
])

function meaningOfStatus(status: number): Meaning {
  if (status === 429) return slowDown
  if (status === 402) return spent("the account's credit is used up")
  if (status === 401) return badKey
  if (status === 403)
    return always('provider_key_refused', 'this API key may not do that; check its permissions and region')
  if (status === 404)
    return always('provider_refused', 'there is no such endpoint or model; check the base URL and the model')
  // 424: Text Embeddings Inference says so when its model failed.
  if ([408, 409, 424].includes(status))
    return ({ label }) => ({
      failure: 'provider_unavailable',
      meaning: `${label} could not take the request just now`,
    })
  if (status >= 400 && status < 500)
    return ({ label }) => ({ failure: 'call_invalid', meaning: `${label} says that the request is wrong` })
  return ({ label }) => ({ failure: 'provider_unavailable', meaning: `${label} did not answer properly` })
}

/** The first field that FastAPI finds fault with; never its `msg` or `input`, which hold what was sent. */
function fieldOf(detail: unknown): string[] {
  if (!Array.isArray(detail)) return []
  const { loc, type } = (detail[0] ?? {}) as { loc?: unknown; type?: unknown }
  return [...named('param', Array.isArray(loc) ? loc.join('.') : undefined), ...named('type', type)]
}

/** Only what looks like a name passes, since these fields come from outside and end up in logs. */
function named(label: string, value: unknown): string[] {
  return typeof value === 'string' && /^[\w.$[\]-]{1,80}$/.test(value) ? [`${label} ${value}`] : []
}
