import type { FastifyBaseLogger } from 'fastify'
import { AppError } from '../contract/failure.ts'
import type { Attempt } from '../contract/stage-handler.ts'
import { readTraceparent } from '../contract/trace-context.ts'
import type { AttemptWatch, CallOutcomeKind } from '../contract/work-events.ts'
import { kindOfFailure } from '../health/observed.ts'
import type { ProcessMetrics } from '../metrics/process-metrics.ts'
import { presentTraceparent } from '../platform/trace-scope.ts'
import type { DecidedCall } from '../router/routed.ts'

/** Sees the attempts and the calls of this process, and knows which call was made for which attempt. */
export interface WorkWatch {
  attempts: AttemptWatch
  /** Makes a call that was routed to somebody. */
  makeCall<Result>(call: DecidedCall, act: () => Promise<Result>): Promise<Result>
}

interface Seen {
  attempt: Attempt
  startedAt: number
  provider?: string
}

/** Counts them, and with the log level `debug` writes a line for each, with the ids of the request that began the work. */
export function createWorkWatch(
  metrics: Pick<ProcessMetrics, 'call' | 'attempt'> | null,
  log: FastifyBaseLogger,
): WorkWatch {
  const open = new Map<Attempt, Seen>()
  const ofJob = new Map<string, Seen>()
  return {
    attempts: {
      started(attempt) {
        const seen: Seen = { attempt, startedAt: performance.now() }
        open.set(attempt, seen)
        ofJob.set(attempt.jobId, seen)
      },
      ended(attempt, outcome) {
        const seen = open.get(attempt)
        if (!seen) return
        open.delete(attempt)
        if (ofJob.get(attempt.jobId) === seen) ofJob.delete(attempt.jobId)
        const { stage } = attempt
        const ms = performance.now() - seen.startedAt
        metrics?.attempt(stage, outcome, seen.provider, ms / 1000)
        log.debug({ ...idsOf(attempt), stage, outcome, ms: Math.round(ms) }, 'stage ended')
      },
    },
    async makeCall({ who, service, provenance }, act) {
      const { provider, simulated } = provenance
      const jobs = (who.jobs ?? []).flatMap(({ jobId }) => ofJob.get(jobId ?? '') ?? [])
      for (const seen of jobs) seen.provider = provider
      const startedAt = performance.now()
      const count = metrics?.call({ service, provider, simulated })
      const end = (outcome: CallOutcomeKind) => {
        count?.(outcome)
        const ms = Math.round(performance.now() - startedAt)
        const ids = jobs.length > 0 ? jobs.map(seen => idsOf(seen.attempt)) : [traceIdOf(presentTraceparent())]
        for (const one of ids) log.debug({ ...one, service, provider, simulated, outcome, ms }, 'provider called')
      }
      try {
        const result = await act()
        end('answered')
        return result
      } catch (error) {
        end(outcomeOf(error))
        throw error
      }
    },
  }
}

/** What a line of the log says about whose work it is. */
export function idsOf({ jobId, documentId, correlationId, traceparent }: AttemptIds) {
  return { jobId, documentId, correlationId, ...traceIdOf(traceparent) }
}
type AttemptIds = Pick<Attempt, 'jobId' | 'documentId' | 'correlationId' | 'traceparent'>

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
