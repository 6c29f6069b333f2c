import { CallDeferred } from '../contract/deferral.ts'
import type { AppError, FailureCode } from '../contract/failure.ts'
import { errorReply, type OpenAiError, type OpenAiReply } from './openai-reply.ts'

interface Explanation extends Omit<OpenAiError, 'message'> {
  status: number
  /** Whether the official SDKs may try again by themselves; they obey `x-should-retry`. */
  retry: boolean
}

/**
 * A failure in OpenAI's form. A budget is a 429 that SDKs do not try again, with the time of its reset as `retry-after`,
 * `x-sluice-budget-resets-at` and in the message; neither is tried again what has been paid, or may have been. Messages hold no content.
 */
export function explainFailure(failure: AppError, resetsAt: Date | null, now: Date): OpenAiReply {
  const { status, retry, ...fields } = explanationOf(failure)
  const isBudget = fields.code === 'budget_exhausted'
  const headers: Record<string, string> = { 'x-should-retry': String(retry) }
  const waitMs = waitOf(failure, resetsAt, now)
  if (waitMs !== null) headers['retry-after'] = String(Math.max(1, Math.ceil(waitMs / 1000)))
  if (isBudget && resetsAt !== null) headers['x-sluice-budget-resets-at'] = resetsAt.toISOString()
  return errorReply(status, { ...fields, message: messageOf(failure, isBudget ? resetsAt : null) }, headers)
}

/** When the budget that a deferred call waits for begins anew; null: it is none, or never. */
export function resetOf(failure: AppError): Date | null {
  return failure instanceof CallDeferred && failure.deferral.reason === 'budget' ? failure.deferral.resumesAt : null
}

function explanationOf(failure: AppError): Explanation {
  if (failure instanceof CallDeferred) return byReason[failure.deferral.reason]
  const { code, status, fault } = failure
  const known = byCode[code]
  if (known) return known
  const type = fault === 'input' ? 'invalid_request_error' : 'server_error'
  return { status, type, code, retry: failure.retryable }
}

const budget: Explanation = { status: 429, type: 'insufficient_quota', code: 'budget_exhausted', retry: false }
const server = (status: number, code: string, retry: boolean): Explanation => ({
  status,
  type: 'server_error',
  code,
  retry,
})

const byReason: Record<CallDeferred['deferral']['reason'], Explanation> = {
  budget,
  in_progress: server(503, 'call_in_progress', true),
  in_doubt: server(503, 'call_outcome_unknown', false),
  provider_stopped: server(503, 'provider_stopped', false),
  provider_unhealthy: server(503, 'provider_unhealthy', true),
}

const byCode: Partial<Record<FailureCode, Explanation>> = {
  unauthorized: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key', retry: false },
  budget_exhausted: budget,
  quote_exceeded: budget,
  provider_rate_limited: { status: 429, type: 'requests', code: 'rate_limit_exceeded', retry: true },
  provider_out_of_credits: server(503, 'provider_stopped', false),
  provider_key_refused: server(503, 'provider_stopped', false),
  provider_not_configured: server(503, 'provider_not_configured', false),
  call_outcome_unknown: server(503, 'call_outcome_unknown', false),
  provider_reply_malformed: server(502, 'provider_reply_malformed', false),
  vector_invalid: server(502, 'vector_invalid', false),
  call_invalid: server(502, 'call_invalid', false),
  file_too_large: { status: 413, type: 'invalid_request_error', code: 'request_too_large', retry: false },
}

function waitOf(failure: AppError, resetsAt: Date | null, now: Date): number | null {
  const until = failure instanceof CallDeferred ? failure.deferral.resumesAt : resetsAt
  if (until !== null) return until.getTime() - now.getTime()
  return failure.retryAfterMs ?? null
}

function messageOf(failure: AppError, resetsAt: Date | null): string {
  if (failure.code === 'internal_error') return 'The server had an error while processing your request.'
  if (failure.code === 'unauthorized')
    return `Incorrect API key provided: ${failure.message} Create one with \`sluice keys create\`.`
  if (resetsAt === null || failure.message.includes(resetsAt.toISOString())) return failure.message
  return `${failure.message} It begins anew at ${resetsAt.toISOString()}.`
}
