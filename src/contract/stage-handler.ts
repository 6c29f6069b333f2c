import type { AppError } from './failure.ts'
import type { Stage } from './job.ts'

/**
 * One try at a stage of a job. `token` is the fencing token: what carries an older one than the job's row is refused.
 * `signal` aborts when the job was cancelled, taken over, or has passed its deadline.
 */
export interface Attempt {
  tenantId: string
  jobId: string
  documentId: string
  versionId: string
  stage: Stage
  token: number
  failures: number
  correlationId: string
  /** Where in a trace the job began; null: in none. */
  traceparent: string | null
  /** Of the request that created the job, if it came with a key of a tenant. */
  apiKeyId: string | null
  tags: readonly string[]
  /** The quote that was held for the job's document before it began. */
  quoteId: string | null
  /** Until when the user wants it done; null: as soon as can be. */
  dueAt: Date | null
  signal: AbortSignal
}

export type StageOutcome<Result> = { kind: 'done'; result: Result } | { kind: 'failed'; error: AppError }

/**
 * A stage works on sets: `run` takes many attempts and reports each as soon as it is known; `save` writes the results of many
 * attempts inside the transaction that moves their jobs on. When `save` throws, each attempt is saved alone, so that only the
 * guilty one fails. An outcome whose error is a `CallDeferred` or a `CallAwaited` parks the job instead of failing it.
 */
export interface StageHandler<Result, Session> {
  stage: Stage
  /** How long one attempt may take, in milliseconds. */
  timeoutMs: number
  /** How many attempts one process works on at a time. */
  maxInFlight: number
  run(attempts: readonly Attempt[], report: (attempt: Attempt, outcome: StageOutcome<Result>) => void): Promise<void>
  save(session: Session, done: readonly { attempt: Attempt; result: Result }[]): Promise<void>
  /**
   * Stores what was paid for by attempts that ended too late to count: their jobs were cancelled, timed out or taken over. In a
   * transaction of its own; nothing that moves the job.
   */
  keep?(session: Session, late: readonly { attempt: Attempt; result: Result }[]): Promise<void>
}
