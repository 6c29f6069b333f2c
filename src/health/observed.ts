import { AppError } from '../contract/failure.ts'
import type { DirectService, RemoteJobs, Service } from '../contract/service.ts'

/** How a call ended, for the provider's health. `subject` is what it was for: a document that makes its provider fail again and again counts once. */
export interface CallOutcome {
  kind: 'answered' | 'fault' | 'limited'
  latencyMs: number
  subject: string
  /** Of a fault: its code and message. */
  reason: string | null
  /** The provider's own wish, of `limited`. */
  retryAfterMs: number | null
}

export type NoteOutcome = (outcome: CallOutcome) => void

/** What only an ill provider does. Refusals, and failures on one document, say nothing about its health. */
const faults: readonly AppError['code'][] = ['provider_unavailable', 'provider_reply_malformed', 'call_outcome_unknown']

/** A call without an answer for so long counts as a fault already: a provider that hangs is not waited for by everybody. */
const hangsAfterMs = 30_000

/** What a failure says about the provider; `answered`: nothing bad. */
export function kindOfFailure(error: unknown): CallOutcome['kind'] {
  if (!(error instanceof AppError)) return 'answered'
  if (error.code === 'provider_rate_limited') return 'limited'
  return faults.includes(error.code) ? 'fault' : 'answered'
}

/** Notes how each call of a service ends. Nothing else changes. */
export function observed<Input, Output>(
  service: Service<Input, Output>,
  note: NoteOutcome,
  subjectOf: (input: Input) => string,
): Service<Input, Output> {
  if ('jobs' in service) return { ...service, jobs: observedJobs(service.jobs, note, subjectOf) }
  const direct: DirectService<Input, Output> = service
  return {
    ...direct,
    call: (input, options) => watch(() => direct.call(input, options), options.signal, subjectOf(input), note),
  }
}

function observedJobs<Input, Output>(
  jobs: RemoteJobs<Input, Output>,
  note: NoteOutcome,
  subjectOf: (input: Input) => string,
): RemoteJobs<Input, Output> {
  return {
    ...jobs,
    submit: (input, options) => watch(() => jobs.submit(input, options), options.signal, subjectOf(input), note),
    ended: (ids, options) => watch(() => jobs.ended(ids, options), options.signal, 'look', note),
    collect: (id, input, options) =>
      watch(() => jobs.collect(id, input, options), options.signal, subjectOf(input), note),
  }
}

async function watch<Result>(
  act: () => Promise<Result>,
  signal: AbortSignal,
  subject: string,
  note: NoteOutcome,
): Promise<Result> {
  const startedAt = performance.now()
  const tell = (kind: CallOutcome['kind'], reason: string | null = null, retryAfterMs: number | null = null) =>
    note({ kind, latencyMs: performance.now() - startedAt, subject, reason, retryAfterMs })
  const timer = setTimeout(() => tell('fault', `no answer within ${hangsAfterMs / 1000} s`), hangsAfterMs)
  timer.unref()
  try {
    const result = await act()
    tell('answered')
    return result
  } catch (error) {
    if (!signal.aborted) {
      const kind = kindOfFailure(error)
      if (!(error instanceof AppError) || kind === 'answered') tell('answered')
      else if (kind === 'limited') tell('limited', error.message, error.retryAfterMs ?? null)
      else tell('fault', `${error.code}: ${error.message}`.slice(0, 300))
    }
    throw error
  } finally {
    clearTimeout(timer)
  }
}
