import type { Answer } from './simulator-answer.ts'
import type { BatchError, BatchInput } from './simulator-batch-input.ts'
import type { BatchFault } from './simulator-faults.ts'
import { shuffled } from './simulator-identity.ts'

/** How long the states of a batch take. The real service says only "within 24 hours". */
export interface BatchTiming {
  validatingMs: number
  /** Until the first request is worked on, and for each request. */
  startMs: number
  msPerRequest: number
  finalizingMs: number
  cancellingMs: number
}

export const completionWindowMs = 24 * 3600 * 1000

export interface SimulatedBatch {
  id: string
  ordinal: number
  createdAtMs: number
  inputFileId: string
  metadata: Record<string, string> | null
  outputExpiresAfterSeconds: number | null
  input: BatchInput | { errors: BatchError[] }
  fault: BatchFault | undefined
  cancelAskedAtMs: number | null
  /** What validation ended with; null until it ended. */
  verdict: { errors: BatchError[] } | 'accepted' | null
  /** What was worked out; null until the work ended. */
  result: BatchResult | null
}

export interface BatchResult {
  outputFileId: string | null
  errorFileId: string | null
  completed: number
  failed: number
  tokens: number
}

/** When a batch reaches what it reaches, as far as it is known; infinity for never. */
export interface BatchTimes {
  validated: number
  /** When the last request is done. */
  worked: number
  cancelled: number
  expired: number
  /** The first of the three. */
  workEnds: number
}

/** Follows from the batch alone, so that nothing has to run while nobody looks. */
export function timesOf(batch: SimulatedBatch, timing: BatchTiming): BatchTimes {
  const { createdAtMs, fault } = batch
  const hangsAt = fault?.kind === 'batch_hangs' ? fault.status : null
  const never = Number.POSITIVE_INFINITY
  const validated = hangsAt === 'validating' ? never : createdAtMs + timing.validatingMs
  const isEndless = hangsAt === 'in_progress' || fault?.kind === 'batch_expires'
  const worked = isEndless ? never : validated + timing.startMs + timing.msPerRequest * linesOf(batch).length
  const cancelled = batch.cancelAskedAtMs ?? never
  const expired = hangsAt === null || hangsAt === 'cancelling' ? createdAtMs + completionWindowMs : never
  return { validated, worked, cancelled, expired, workEnds: Math.min(worked, cancelled, expired) }
}

/** How many requests are done at a time: one after the other, of those that will ever be. */
export function countDone(batch: SimulatedBatch, atMs: number, timing: BatchTiming): number {
  const { fault } = batch
  const { length } = linesOf(batch)
  const sinceMs = atMs - timesOf(batch, timing).validated - timing.startMs
  if (!(sinceMs >= 0)) return 0
  const isStuck = fault?.kind === 'batch_hangs' && fault.status === 'in_progress'
  const share = fault?.kind === 'batch_expires' ? fault.finishedShare : isStuck ? 0.5 : 1
  const inTime = timing.msPerRequest > 0 ? Math.floor(sinceMs / timing.msPerRequest) : length
  return Math.min(Math.floor(length * share), inTime)
}

export function linesOf({ input }: SimulatedBatch): BatchInput['lines'] {
  return 'lines' in input ? input.lines : []
}

/** The lines in the order in which they are worked on and written, which is not that of the file. */
export function inOrder(batch: SimulatedBatch): BatchInput['lines'] {
  const lines = linesOf(batch)
  return shuffled(lines.length, batch.ordinal).map(i => lines[i] as BatchInput['lines'][number])
}

export function isRefused(request: BatchInput['lines'][number]['request']): request is Answer {
  return 'status' in request
}
