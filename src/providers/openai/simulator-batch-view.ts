import {
  type BatchTimes,
  type BatchTiming,
  completionWindowMs,
  countDone,
  inOrder,
  isRefused,
  linesOf,
  type SimulatedBatch,
  timesOf,
} from './simulator-batch.ts'
import { batchEndpoint } from './simulator-batch-input.ts'

type Status =
  | 'validating'
  | 'failed'
  | 'in_progress'
  | 'finalizing'
  | 'completed'
  | 'expired'
  | 'cancelling'
  | 'cancelled'

/** The state of a batch at a time, once what was due by then is settled. */
export function statusOf(batch: SimulatedBatch, timing: BatchTiming, nowMs: number): Status {
  const times = timesOf(batch, timing)
  const hangsAt = batch.fault?.kind === 'batch_hangs' ? batch.fault.status : null
  if (batch.verdict !== null && batch.verdict !== 'accepted') return 'failed'
  if (times.cancelled <= nowMs && times.cancelled <= times.workEnds)
    return hangsAt === 'cancelling' || nowMs < times.cancelled + timing.cancellingMs ? 'cancelling' : 'cancelled'
  if (nowMs < times.validated) return 'validating'
  if (nowMs < times.workEnds) return 'in_progress'
  if (times.workEnds !== times.worked) return 'expired'
  return hangsAt === 'finalizing' || nowMs < times.worked + timing.finalizingMs ? 'finalizing' : 'completed'
}

/**
 * A batch with the fields of the SDK's type. Those that are not known yet are there and null, as users of the real service report. That
 * requests which were cut off by the end count as failed is a guess.
 */
export function viewBatch(batch: SimulatedBatch, timing: BatchTiming, nowMs: number): object {
  const times = timesOf(batch, timing)
  const status = statusOf(batch, timing, nowMs)
  const isOver = status === 'completed' || status === 'expired' || status === 'cancelled'
  const errors = batch.verdict !== null && batch.verdict !== 'accepted' ? batch.verdict.errors : null
  const result = isOver ? batch.result : null
  const wasValidated = batch.verdict === 'accepted'
  return {
    id: batch.id,
    object: 'batch',
    endpoint: batchEndpoint,
    model: 'model' in batch.input && batch.verdict !== null ? batch.input.model : null,
    errors: errors && { object: 'list', data: errors },
    input_file_id: batch.inputFileId,
    completion_window: '24h',
    status,
    output_file_id: result?.outputFileId ?? null,
    error_file_id: result?.errorFileId ?? null,
    ...momentsOf(batch, times, status, timing),
    request_counts: wasValidated ? requestCounts(batch, timing, nowMs) : { total: 0, completed: 0, failed: 0 },
    usage: result && usageOf(result.tokens),
    metadata: batch.metadata,
  }
}

function momentsOf(batch: SimulatedBatch, times: BatchTimes, status: Status, timing: BatchTiming): object {
  const at = (when: boolean, ms: number) => (when ? Math.floor(ms / 1000) : null)
  const isAccepted = batch.verdict === 'accepted'
  const wasCancelled = status === 'cancelling' || status === 'cancelled'
  return {
    created_at: at(true, batch.createdAtMs),
    in_progress_at: at(isAccepted, times.validated),
    expires_at: at(true, batch.createdAtMs + completionWindowMs),
    finalizing_at: at(status === 'finalizing' || status === 'completed', times.worked),
    completed_at: at(status === 'completed', times.worked + timing.finalizingMs),
    failed_at: at(status === 'failed', times.validated),
    expired_at: at(status === 'expired', times.expired),
    cancelling_at: at(wasCancelled, times.cancelled),
    cancelled_at: at(status === 'cancelled', times.cancelled + timing.cancellingMs),
  }
}

function requestCounts(batch: SimulatedBatch, timing: BatchTiming, nowMs: number) {
  const total = linesOf(batch).length
  if (batch.result) return { total, completed: batch.result.completed, failed: batch.result.failed }
  const done = inOrder(batch).slice(0, countDone(batch, nowMs, timing))
  const failed = done.filter(({ request }) => isRefused(request)).length
  return { total, completed: done.length - failed, failed }
}

function usageOf(tokens: number): object {
  return {
    input_tokens: tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 0,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: tokens,
  }
}
