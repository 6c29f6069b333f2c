import { AppError } from '../contract/failure.ts'
import type { Attempt } from '../contract/stage-handler.ts'
import type { AttemptWatch, CallOutcomeKind } from '../contract/work-events.ts'
import { kindOfFailure } from '../health/observed.ts'
import type { ProcessMetrics } from '../metrics/process-metrics.ts'
import type { DecidedCall } from '../router/routed.ts'

/** Sees the attempts and the calls of this process, and knows which call was made for which attempt. */
export interface WorkWatch {
  attempts: AttemptWatch
  /** Makes a call that was routed to somebody. */
  makeCall<Result>(call: DecidedCall, act: () => Promise<Result>): Promise<Result>
}

interface Seen {
  startedAt: number
  provider?: string
}

export function createWorkWatch(metrics: Pick<ProcessMetrics, 'call' | 'attempt'> | null): WorkWatch {
  const open = new Map<Attempt, Seen>()
  const ofJob = new Map<string, Seen>()
  return {
    attempts: {
      started(attempt) {
        const seen: Seen = { startedAt: performance.now() }
        open.set(attempt, seen)
        ofJob.set(attempt.jobId, seen)
      },
      ended(attempt, outcome) {
        const seen = open.get(attempt)
        if (!seen) return
        open.delete(attempt)
        if (ofJob.get(attempt.jobId) === seen) ofJob.delete(attempt.jobId)
        metrics?.attempt(attempt.stage, outcome, seen.provider, (performance.now() - seen.startedAt) / 1000)
      },
    },
    async makeCall({ who, service, provenance }, act) {
      for (const { jobId } of who.jobs ?? []) {
        const seen = ofJob.get(jobId ?? '')
        if (seen) seen.provider = provenance.provider
      }
      const end = metrics?.call({ service, provider: provenance.provider, simulated: provenance.simulated })
      try {
        const result = await act()
        end?.('answered')
        return result
      } catch (error) {
        end?.(outcomeOf(error))
        throw error
      }
    },
  }
}

const ownEnds: readonly AppError['code'][] = ['job_interrupted', 'job_timed_out', 'shutting_down']

function outcomeOf(error: unknown): CallOutcomeKind {
  if (error instanceof AppError ? ownEnds.includes(error.code) : (error as Error)?.name === 'AbortError')
    return 'aborted'
  const kind = kindOfFailure(error)
  return kind === 'answered' ? 'refused' : kind
}
