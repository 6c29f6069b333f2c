import type { FastifyBaseLogger } from 'fastify'
import { AppError } from '../contract/failure.ts'
import type { Attempt } from '../contract/stage-handler.ts'
import { readTraceparent } from '../contract/trace-context.ts'
import type { AttemptWatch, CallOutcomeKind } from '../contract/work-events.ts'
import { kindOfFailure } from '../health/observed.ts'
import type { ProcessMetrics } from '../metrics/process-metrics.ts'
import { atTracePlace, presentTracePlace, type TracePlace } from '../platform/trace-scope.ts'
import type { DecidedCall } from '../router/routed.ts'
import type { OpenSpan, Tracing } from '../tracing/tracing.ts'

/** Sees the attempts and the calls of this process, and knows which call was made for which attempt. */
export interface WorkWatch {
  attempts: AttemptWatch
  /** Makes a call that was routed to somebody. */
  makeCall<Result>(call: DecidedCall, act: () => Promise<Result>): Promise<Result>
}

interface Seen {
  attempt: Attempt
  span: OpenSpan
  startedAt: number
  provider?: string
}

/** Counts them, and with the log level `debug` writes a line for each, with the ids of the request that began the work. */
export function createWorkWatch(
  metrics: Pick<ProcessMetrics, 'call' | 'attempt'> | null,
  tracing: Tracing,
  log: FastifyBaseLogger,
): WorkWatch {
  const open = new Map<Attempt, Seen>()
  const ofJob = new Map<string, Seen>()
  return {
    attempts: {
      started(attempt) {
        const seen: Seen = { attempt, span: beginAttempt(tracing, attempt), startedAt: performance.now() }
        open.set(attempt, seen)
        ofJob.set(attempt.jobId, seen)
      },
      ended(attempt, outcome, error) {
        const seen = open.get(attempt)
        if (!seen) return
        open.delete(attempt)
        if (ofJob.get(attempt.jobId) === seen) ofJob.delete(attempt.jobId)
        const { stage } = attempt
        const ms = performance.now() - seen.startedAt
        const failure = outcome === 'failed' || outcome === 'retrying' ? error?.code : undefined
        seen.span.end({ 'sluice.outcome': outcome, 'sluice.code': error?.code }, failure)
        metrics?.attempt(stage, outcome, seen.provider, ms / 1000)
        log.debug({ ...idsOf(attempt), stage, outcome, ms: Math.round(ms) }, 'stage ended')
      },
    },
    async makeCall({ who, service, provenance }, act) {
      const { provider, simulated } = provenance
      const jobs = (who.jobs ?? []).flatMap(({ jobId }) => ofJob.get(jobId ?? '') ?? [])
      for (const seen of jobs) seen.provider = provider
      const spans = beginCall(tracing, { who, service, provenance }, jobs)
      const startedAt = performance.now()
      const count = metrics?.call({ service, provider, simulated })
      const end = (outcome: CallOutcomeKind) => {
        count?.(outcome)
        const failure = outcome === 'answered' ? undefined : outcome
        for (const span of spans) span.end({ 'sluice.outcome': outcome }, failure)
        const ms = Math.round(performance.now() - startedAt)
        const ids = jobs.length > 0 ? jobs.map(seen => idsOf(seen.attempt)) : [idsOfPlace(presentTracePlace())]
        for (const one of ids) log.debug({ ...one, service, provider, simulated, outcome, ms }, 'provider called')
      }
      try {
        const result = await atTracePlace({ ...presentTracePlace(), traceparent: spans[0]?.traceparent ?? '' }, act)
        end('answered')
        return result
      } catch (error) {
        end(outcomeOf(error))
        throw error
      }
    },
  }
}

function beginAttempt(tracing: Tracing, attempt: Attempt): OpenSpan {
  const { stage, traceparent, tenantId, jobId, documentId, token, failures, correlationId } = attempt
  return tracing.begin(`stage ${stage}`, 'consumer', traceparent, {
    'sluice.stage': stage,
    'sluice.tenant_id': tenantId,
    'sluice.job_id': jobId,
    'sluice.document_id': documentId,
    'sluice.attempt': token,
    'sluice.failures': failures,
    'sluice.correlation_id': correlationId,
  })
}

/** A call that several documents share is seen in the trace of each. */
function beginCall(tracing: Tracing, { service, provenance, who }: DecidedCall, jobs: readonly Seen[]): OpenSpan[] {
  const { provider, model, mode, simulated, reasons, provisional } = provenance
  const parents = jobs.length > 0 ? jobs.map(seen => seen.span.traceparent) : [presentTracePlace()?.traceparent]
  return parents.map(parent =>
    tracing.begin(`${service} ${provider}`, 'client', parent, {
      'sluice.service': service,
      'sluice.provider': provider,
      'sluice.model': model,
      'sluice.mode': mode,
      'sluice.simulated': simulated,
      'sluice.provisional': provisional ?? false,
      'sluice.reasons': reasons,
      'sluice.pages': who.pages,
      'sluice.documents': jobs.length,
    }),
  )
}

/** What a line of the log says about whose work it is. */
export function idsOf({ jobId, documentId, correlationId, traceparent }: AttemptIds) {
  return { jobId, documentId, correlationId, ...traceIdOf(traceparent) }
}
type AttemptIds = Pick<Attempt, 'jobId' | 'documentId' | 'correlationId' | 'traceparent'>

function idsOfPlace(place: TracePlace | undefined) {
  return { correlationId: place?.correlationId, ...traceIdOf(place?.traceparent) }
}

function traceIdOf(traceparent: string | null | undefined): { traceId?: string } {
  const place = readTraceparent(traceparent)
  return place ? { traceId: place.traceId } : {}
}

const ownEnds: readonly AppError['code'][] = ['job_interrupted', 'job_timed_out', 'shutting_down']

function outcomeOf(error: unknown): CallOutcomeKind {
  if (error instanceof AppError ? ownEnds.includes(error.code) : (error as Error)?.name === 'AbortError')
    return 'aborted'
  const kind = kindOfFailure(error)
  return kind === 'answered' ? 'refused' : kind
}
