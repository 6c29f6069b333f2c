import { type Answer, errorAnswer, okAnswer } from './simulator-answer.ts'
import { type BatchTiming, countDone, type SimulatedBatch, timesOf } from './simulator-batch.ts'
import { readBatchWish } from './simulator-batch-create.ts'
import { type BatchError, type BatchInput, readBatchInput } from './simulator-batch-input.ts'
import { sumAnswered, writeBatchOutput } from './simulator-batch-output.ts'
import { statusOf, viewBatch } from './simulator-batch-view.ts'
import type { DecodeTokens } from './simulator-embeddings.ts'
import type { BatchFault } from './simulator-faults.ts'
import type { FileStore } from './simulator-files.ts'
import { hexId } from './simulator-identity.ts'
import { answerPage } from './simulator-paging.ts'

export interface BatchDesk {
  files: FileStore
  timing: BatchTiming
  countTokens(text: string): number
  decodeTokens: DecodeTokens
  /** How many tokens of one model may wait in batches. */
  maxEnqueuedTokens: number
  charge(model: string, answered: { requests: number; inputs: number; tokens: number }, atMs: number): void
}

export interface Batches {
  /** Does what became due since it was last asked: batches need nobody who works on them meanwhile. */
  catchUp(nowMs: number): Promise<void>
  create(request: Request, fault: BatchFault | undefined, nowMs: number): Promise<Answer>
  list(request: Request, nowMs: number): Answer
  retrieve(id: string, nowMs: number): Answer
  cancel(id: string, nowMs: number): Answer
}

/** The Batch API, in memory. What a batch does follows from the clock, from its file and from its fault. */
export function createBatches(desk: BatchDesk): Batches {
  const { timing } = desk
  const batches: SimulatedBatch[] = []
  const find = (id: string) => batches.find(batch => batch.id === id)
  let turn = Promise.resolve()
  return {
    catchUp(nowMs) {
      turn = turn.then(() => settleAll(batches, desk, nowMs))
      return turn
    },
    async create(request, fault, nowMs) {
      const wish = readBatchWish(await request.text())
      if ('status' in wish) return wish
      const file = desk.files.find(wish.inputFileId, nowMs)
      const isInput = file?.purpose === 'batch'
      const input = isInput ? await readBatchInput(file, desk.countTokens) : { errors: [noFile(wish.inputFileId)] }
      const ordinal = batches.length + 1
      const moving = { fault, cancelAskedAtMs: null, verdict: null, result: null }
      const batch = { id: hexId('batch_', ordinal), ordinal, createdAtMs: nowMs, ...wish, input, ...moving }
      batches.push(batch)
      return okAnswer(viewBatch(batch, timing, nowMs))
    },
    list(request, nowMs) {
      const limits = { defaultLimit: 20, maxLimit: 100 }
      const view = (batch: SimulatedBatch) => viewBatch(batch, timing, nowMs)
      return answerPage(batches.toReversed(), new URL(request.url).searchParams, limits, view)
    },
    retrieve(id, nowMs) {
      const batch = find(id)
      return batch ? okAnswer(viewBatch(batch, timing, nowMs)) : noBatch(id)
    },
    cancel(id, nowMs) {
      const batch = find(id)
      if (!batch) return noBatch(id)
      const status = statusOf(batch, timing, nowMs)
      if (status === 'validating' || status === 'in_progress') batch.cancelAskedAtMs = nowMs
      else if (status !== 'cancelling' && status !== 'cancelled') return cannotCancel(status)
      return okAnswer(viewBatch(batch, timing, nowMs))
    },
  }
}

/** In the order of their creation, which is that of their validation, so that the earlier one has the room for waiting tokens. */
async function settleAll(batches: readonly SimulatedBatch[], desk: BatchDesk, nowMs: number): Promise<void> {
  for (const batch of batches) {
    const { validated, cancelled } = timesOf(batch, desk.timing)
    if (batch.verdict === null && validated <= nowMs && validated < cancelled)
      batch.verdict = judge(batch, batches, desk)
  }
  for (const batch of batches) await settle(batch, desk, nowMs)
}

function judge(
  batch: SimulatedBatch,
  batches: readonly SimulatedBatch[],
  { timing, maxEnqueuedTokens }: BatchDesk,
): { errors: BatchError[] } | 'accepted' {
  const { input, fault } = batch
  if (fault?.kind === 'batch_fails') return { errors: [failure(fault.code)] }
  if ('errors' in input) return input
  const { validated } = timesOf(batch, timing)
  const isWaiting = (other: SimulatedBatch) =>
    other.verdict === 'accepted' && modelOf(other) === input.model && timesOf(other, timing).workEnds > validated
  const waiting = batches.filter(isWaiting).reduce((sum, other) => sum + (other.input as BatchInput).tokens, 0)
  return waiting + input.tokens > maxEnqueuedTokens
    ? { errors: [tooManyTokens(input.model, maxEnqueuedTokens)] }
    : 'accepted'
}

/** Writes the files and books the charge when the work of a batch has ended. */
async function settle(batch: SimulatedBatch, desk: BatchDesk, nowMs: number): Promise<void> {
  const { files, timing, decodeTokens } = desk
  const { workEnds, cancelled } = timesOf(batch, timing)
  if (batch.verdict !== 'accepted' || batch.result !== null || workEnds > nowMs) return
  const done = countDone(batch, workEnds, timing)
  const whyCutOff = workEnds === cancelled ? 'batch_cancelled' : 'batch_expired'
  const { answers, errors, tokens } = await writeBatchOutput(batch, done, whyCutOff, decodeTokens)
  const keep = (kind: 'output' | 'error', pieces: Uint8Array<ArrayBuffer>[]) => {
    if (pieces.length === 0) return null
    const expiresAfterSeconds = batch.outputExpiresAfterSeconds
    return files.add(
      { name: `${batch.id}_${kind}.jsonl`, purpose: 'batch_output', pieces, expiresAfterSeconds },
      workEnds,
    ).id
  }
  const answered = sumAnswered(batch, done)
  const total = (batch.input as BatchInput).lines.length
  batch.result = {
    outputFileId: keep('output', answers),
    errorFileId: keep('error', errors),
    completed: answered.requests,
    failed: total - answered.requests,
    tokens,
  }
  if (answered.requests > 0) desk.charge(modelOf(batch), answered, workEnds)
}

function modelOf({ input }: SimulatedBatch): string {
  return 'model' in input ? input.model : ''
}

/** Word for word what users of the real service met; its limit depends on the model and on the account. */
function tooManyTokens(model: string, limit: number): BatchError {
  const message = `Enqueued token limit reached for ${model} in organization org-simulated. Limit: ${limit.toLocaleString('en-US')} enqueued tokens. Please try again once some in_progress batches have been completed.`
  return { code: 'token_limit_exceeded', line: null, message, param: null }
}

function failure(code: string): BatchError {
  return { code, line: null, message: 'The batch failed.', param: null }
}

function noFile(id: string): BatchError {
  const message = `Cannot find file ${id}, or organization org-simulated does not have access to it.`
  return { code: 'invalid_request', line: null, message, param: 'file_id' }
}

function noBatch(id: string): Answer {
  return errorAnswer(404, `No batch found with id '${id}'.`, { type: 'invalid_request_error' })
}

function cannotCancel(status: string): Answer {
  return errorAnswer(409, `Cannot cancel a batch with status '${status}'.`, { type: 'invalid_request_error' })
}
