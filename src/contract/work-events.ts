import type { AppError } from './failure.ts'
import type { Attempt } from './stage-handler.ts'

/**
 * How an attempt at a stage ended. `lost`: nobody knows, since the database could not be reached; `interrupted`: it was given back, or is
 * somebody else's.
 */
export const attemptOutcomes = ['done', 'retrying', 'failed', 'deferred', 'waiting', 'interrupted', 'lost'] as const
export type AttemptOutcome = (typeof attemptOutcomes)[number]

/** Sees every attempt of this process; what it sees, it may not change. */
export interface AttemptWatch {
  started(attempt: Attempt): void
  /** After the commit. An attempt that was cut off and finished all the same ends twice; the first time counts. */
  ended(attempt: Attempt, outcome: AttemptOutcome, error?: AppError): void
}

/** How a call of a provider ended; `fault`: as only an ill provider does, `refused`: it did not want this piece of work. */
export const callOutcomes = ['answered', 'fault', 'limited', 'refused', 'aborted'] as const
export type CallOutcomeKind = (typeof callOutcomes)[number]
