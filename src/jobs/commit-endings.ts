import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { CallAwaited, CallDeferred } from '../contract/deferral.ts'
import { type AppError, asAppError, causeChain } from '../contract/failure.ts'
import { type Stage, stageAfter } from '../contract/job.ts'
import type { Attempt, StageHandler } from '../contract/stage-handler.ts'
import type { Tables } from '../contract/tables.ts'
import type { AttemptOutcome } from '../contract/work-events.ts'
import type { Session } from '../platform/database.ts'
import { announce } from './announce.ts'
import { awaitCalls, type JobWait } from './await-calls.sql.ts'
import { deferJobs, type JobDeferral } from './defer-jobs.sql.ts'
import type { InFlight } from './in-flight.ts'
import { advanceJobs, keyOf, type SetBack, setBackJobs } from './move-jobs.sql.ts'
import { nextAttempt } from './next-attempt.ts'
import type { StageWorkerContext } from './stage-worker-context.ts'

const saveAtOnce = 64
/** While a stage gets much done, what comes within this time is claimed, and saved, together: a set costs little more than one. */
export const gatherMs = 120
/** So few in half a second are not worth waiting for. */
export const few = 2

export type Ending<Result> = { kind: 'done'; result: Result } | { kind: 'failed'; error: AppError }
export interface Ended<Result> {
  attempt: Attempt
  ending: Ending<Result>
}

/** Collects endings while others are under way, so that a busy stage writes sets and an idle one does not wait. */
export function createCommitter<Result>(
  context: StageWorkerContext,
  handler: StageHandler<Result, Session<Tables>>,
  inFlight: InFlight,
): (ended: Ended<Result>) => void {
  const pending: Ended<Result>[] = []
  let busy = false
  async function drain(): Promise<void> {
    busy = true
    // What ends together is saved together.
    await nextTurn()
    while (pending.length > 0) {
      const { ended } = inFlight.pace()
      if (ended > few && pending.length < Math.min(saveAtOnce, ended)) await sleep(gatherMs)
      const set = pending.splice(0, saveAtOnce)
      try {
        await commitSet(context, handler, set)
      } catch (error) {
        // The database is out of reach: the jobs stay running and the sweeper moves them on.
        for (const { attempt } of set) {
          context.onFailure(attempt, asAppError(error), false)
          context.watch.ended(attempt, 'lost', asAppError(error))
        }
      }
      for (const { attempt } of set) inFlight.end(attempt)
    }
    busy = false
  }
  return ended => {
    pending.push(ended)
    if (!busy) void drain()
  }
}

async function commitSet<Result>(
  context: StageWorkerContext,
  handler: StageHandler<Result, Session<Tables>>,
  set: readonly Ended<Result>[],
): Promise<void> {
  const done: { attempt: Attempt; result: Result }[] = []
  const failed: { attempt: Attempt; error: AppError }[] = []
  const deferred: JobDeferral[] = []
  const awaiting: JobWait[] = []
  for (const { attempt, ending } of set) {
    if (ending.kind === 'done') done.push({ attempt, result: ending.result })
    else if (ending.error instanceof CallDeferred)
      deferred.push({ ...keyOf(attempt), token: attempt.token, deferral: ending.error.deferral })
    else if (ending.error instanceof CallAwaited)
      awaiting.push({ ...keyOf(attempt), token: attempt.token, awaited: ending.error.awaited })
    // A stopping worker gives its jobs back instead of failing them.
    else if (ending.error.code !== 'shutting_down') failed.push({ attempt, error: ending.error })
  }
  const guilty = await commitAll(context, handler, { done, failed, awaiting, deferred })
  for (const { attempt, ending } of set)
    if (!guilty.has(attempt))
      context.watch.ended(attempt, outcomeOf(ending), ending.kind === 'failed' ? ending.error : undefined)
}

/** Gives the attempts that failed, which have been told. */
async function commitAll<Result>(
  context: StageWorkerContext,
  handler: StageHandler<Result, Session<Tables>>,
  { done, failed, awaiting, deferred }: Sorted<Result>,
): Promise<Set<Attempt>> {
  if (done.length > 0) failed.push(...(await saveOrSplit(context, handler, done)))
  if (failed.length > 0) await commitFailures(context, handler.stage, failed)
  if (awaiting.length > 0) await context.database.transaction(session => awaitCalls(session, awaiting))
  if (deferred.length > 0) await context.database.transaction(session => deferJobs(session, deferred))
  return new Set(failed.map(one => one.attempt))
}

interface Sorted<Result> {
  done: readonly { attempt: Attempt; result: Result }[]
  failed: { attempt: Attempt; error: AppError }[]
  deferred: readonly JobDeferral[]
  awaiting: readonly JobWait[]
}

function outcomeOf(ending: Ending<unknown>): AttemptOutcome {
  if (ending.kind === 'done') return 'done'
  if (ending.error instanceof CallDeferred) return 'deferred'
  return ending.error instanceof CallAwaited ? 'waiting' : 'interrupted'
}

/** Saves all in one transaction; if that fails, each alone. Returns the ones that cannot be saved. */
async function saveOrSplit<Result>(
  context: StageWorkerContext,
  handler: StageHandler<Result, Session<Tables>>,
  done: readonly { attempt: Attempt; result: Result }[],
): Promise<{ attempt: Attempt; error: AppError }[]> {
  try {
    await save(context, handler, done)
    return []
  } catch (error) {
    const [only, ...others] = done
    if (only && others.length === 0) return [{ attempt: only.attempt, error: asAppError(error) }]
  }
  const failed: { attempt: Attempt; error: AppError }[] = []
  for (const one of done) failed.push(...(await saveOrSplit(context, handler, [one])))
  return failed
}

async function save<Result>(
  { database, queue }: StageWorkerContext,
  handler: StageHandler<Result, Session<Tables>>,
  done: readonly { attempt: Attempt; result: Result }[],
): Promise<void> {
  const next = stageAfter(handler.stage)
  announce('before_save', handler.stage, done.length)
  const late = await database.transaction(async session => {
    const moved = await advanceJobs(
      session,
      done.map(d => d.attempt),
      next,
    )
    const current = new Set(moved.map(m => m.jobId))
    const [accepted, refused] = partition(done, d => current.has(d.attempt.jobId))
    if (accepted.length === 0) return refused
    await handler.save(session, accepted)
    if (next)
      await queue.send(
        session,
        next,
        accepted.map(a => keyOf(a.attempt)),
      )
    announce('before_commit', handler.stage, accepted.length)
    return refused
  })
  announce('after_commit', handler.stage, done.length)
  if (next) queue.nudge(next)
  if (late.length > 0) await database.transaction(async session => handler.keep?.(session, late))
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter(item => !belongs(item))]
}

async function commitFailures(
  { database, queue, onFailure, watch }: StageWorkerContext,
  stage: Stage,
  failed: readonly { attempt: Attempt; error: AppError }[],
): Promise<void> {
  const setBacks = failed.map(({ attempt, error }) => toSetBack(attempt, error))
  await database.transaction(async session => {
    await setBackJobs(session, setBacks)
    for (const { tenantId, jobId, retryInMs, stage: next = stage } of setBacks) {
      if (retryInMs !== null) await queue.send(session, next, [{ tenantId, jobId }], { startAfterMs: retryInMs })
    }
  })
  failed.forEach(({ attempt, error }, i) => {
    const isFinal = setBacks[i]?.retryInMs === null
    onFailure(attempt, error, isFinal)
    watch.ended(attempt, isFinal ? 'failed' : 'retrying', error)
  })
}

function toSetBack(attempt: Attempt, error: AppError): SetBack {
  const next = nextAttempt(error, attempt.failures, Math.random())
  return {
    ...keyOf(attempt),
    token: attempt.token,
    stage: stageOfRetry(error.code, attempt.stage),
    failures: next.kind === 'retry' ? next.failures : attempt.failures + 1,
    retryInMs: next.kind === 'retry' ? next.delayMs : null,
    code: error.code,
    message: error.message,
    cause: causeChain(error),
  }
}

/** What turns out to lack vectors when it is to be published is embedded again. */
function stageOfRetry(code: AppError['code'], stage: Stage): Stage {
  return code === 'version_incomplete' && stage === 'publish' ? 'embed' : stage
}
