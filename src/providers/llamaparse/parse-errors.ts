import { AppError, type FailureCode } from '../../contract/failure.ts'

/** What a reply that is not 2xx says. `detail` is the field of its JSON body: a text, or for a 422 a list. */
export interface Refusal {
  status: number
  headers: Headers
  detail: unknown
}

type Meaning = readonly [failure: FailureCode, meaning: string]

/** Statuses of replies. 408 and 5xx are not here: they leave open what became of the call. */
const meaningByStatus: ReadonlyMap<number, Meaning> = new Map([
  [401, ['provider_key_refused', 'LlamaCloud does not accept the API key in this region; check LLAMA_CLOUD_API_KEY']],
  [402, ['provider_out_of_credits', 'the credits at LlamaCloud are used up']],
  [403, ['provider_key_refused', 'this API key may not do that at LlamaCloud; check its project']],
  [404, ['call_invalid', 'LlamaCloud does not know what the call names; check the base URL']],
  [413, ['document_too_large', 'the file is larger than LlamaCloud takes']],
  [429, ['provider_rate_limited', 'LlamaCloud asks to slow down']],
])

/** Why a job failed, by the code within its `error_message` (documented, but for the last). */
const meaningByJobError: ReadonlyMap<string, Meaning> = new Map([
  ['UNSUPPORTED_FILE_TYPE', ['file_type_unsupported', 'it does not take files of this type']],
  ['PDF_IS_PROTECTED', ['document_encrypted', 'the PDF is protected by a password']],
  ['PDF_IS_BROKEN', ['document_corrupt', 'the PDF is damaged']],
  ['NO_DATA_FOUND_IN_FILE', ['document_without_text', 'it found nothing readable in the file']],
  ['DOCUMENT_TOO_LARGE', ['document_too_large', 'the document is beyond its limits']],
  ['TOO_MANY_PAGES', ['document_too_large', 'the document has too many pages']],
  ['TIMEOUT', ['remote_parse_timed_out', 'it took too long']],
  ['INTERNAL_ERROR', ['remote_parse_failed', 'it had an error of its own']],
])

/**
 * A refusal as an AppError; `creates` says that the call may have created a job, which 408 and 5xx leave open. What LlamaCloud wrote is left out but
 * for the names of faulty fields: it can quote what was sent, a webhook's secret included.
 */
export function failureOfRefusal(refusal: Refusal, call: string, creates: boolean): AppError {
  const { status, headers, detail } = refusal
  const [failure, meaning] = meaningOf(refusal, creates)
  const details = [`HTTP ${status}`, ...faultyFields(detail)].join(', ')
  const retryAfterMs = readRetryAfterMs(headers)
  const happened = failure === 'call_outcome_unknown' ? 'may or may not have been done' : 'was not done'
  const message = `${call} ${happened}: ${meaning} (${details}).`
  return new AppError(failure, message, retryAfterMs === undefined ? {} : { retryAfterMs })
}

/**
 * A failed job as an AppError, with LlamaParse's own code in the message and as the `code` of its cause. The code is looked for within
 * `error_message`, of which nothing else is kept: it can quote the document.
 */
export function failureOfJob(errorMessage: string | null, jobId: string, documentId: string): AppError {
  const code = readJobError(errorMessage ?? '')
  const [failure, meaning] = meaningByJobError.get(code ?? '') ?? [
    'remote_parse_failed',
    'it gave no reason that is known',
  ]
  const message = `LlamaParse failed on document ${documentId}: ${meaning} (${code ?? 'no code'}, job ${jobId}).`
  if (code === null) return new AppError(failure, message)
  const cause = Object.assign(new Error(`job ${jobId}: ${meaning}`), { name: 'LlamaParseError', code })
  return new AppError(failure, message, { cause })
}

/** The wait that a reply asks for with `retry-after` (seconds, or a date against its own `date`). LlamaCloud sends none, what stands before it may. */
export function readRetryAfterMs(headers: Headers): number | undefined {
  const after = headers.get('retry-after')
  if (after === null || after === '') return undefined
  const waits = [Number(after) * 1000, Date.parse(after) - Date.parse(headers.get('date') ?? '')]
  return waits.find(wait => Number.isFinite(wait) && wait >= 0)
}

function meaningOf({ status, detail }: Refusal, creates: boolean): Meaning {
  const known = meaningByStatus.get(status)
  const isUnpaid = typeof detail === 'string' && /maximum number of credits|no quota left/i.test(detail)
  if (isUnpaid && status >= 400 && status < 500) return meaningByStatus.get(402) as Meaning
  if (known) return known
  if (status >= 400 && status < 500 && status !== 408) return ['call_invalid', 'LlamaCloud says that the call is wrong']
  const meaning = 'LlamaCloud did not answer properly'
  return [creates ? 'call_outcome_unknown' : 'provider_unavailable', meaning]
}

/** A known code anywhere as a word, else one that the message begins with, as in `CODE: meaning`. */
function readJobError(message: string): string | null {
  const words = message.match(/[A-Z][A-Z0-9_]+/g) ?? []
  const known = words.find(word => meaningByJobError.has(word))
  return known ?? /^([A-Z][A-Z0-9_]{2,59}):/.exec(message)?.[1] ?? null
}

/** Which fields are at fault, by the two ways in which LlamaCloud says so: a list (422), or one text with a line for each (400). */
function faultyFields(detail: unknown): string[] {
  const faults = typeof detail === 'string' ? faultsInText(detail) : faultsInList(detail)
  const names = faults.filter(fault => /^[\w.$[\]-]{1,120}: \w{1,60}$/.test(fault)).slice(0, 5)
  return names.length === 0 ? [] : [`fields ${names.join('; ')}`]
}

function faultsInText(detail: string): string[] {
  if (!detail.startsWith('Invalid configuration')) return []
  return [...detail.matchAll(/^([\w.-]+)\n {2}.*?\[type=(\w+)/gm)].map(([, field, type]) => `${field}: ${type}`)
}

function faultsInList(detail: unknown): string[] {
  if (!Array.isArray(detail)) return []
  return detail.map(fault => {
    const { loc, type } = (fault ?? {}) as { loc?: unknown; type?: unknown }
    return `${Array.isArray(loc) ? loc.join('.') : ''}: ${type}`
  })
}
