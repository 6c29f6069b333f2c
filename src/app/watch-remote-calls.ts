import { healthNameOf } from '../contract/provider-health.ts'
import type { RemoteJobs } from '../contract/service.ts'
import type { Tables } from '../contract/tables.ts'
import { jobsAwaiting } from '../jobs/await-calls.sql.ts'
import type { JobKey } from '../jobs/move-jobs.sql.ts'
import { markHoldUnknown } from '../ledger/change-hold.sql.ts'
import * as remoteSql from '../ledger/remote-calls.sql.ts'
import { endedCalls } from '../ledger/remote-calls.sql.ts'
import { settleRemoteCall } from '../ledger/settle-remote-call.ts'
import type { Database } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import type { WakeQueue } from '../platform/wake-queue.ts'
import type { Providers } from './create-providers.ts'
import { findForsakenCalls } from './find-forsaken-calls.ts'
import { wakeJobs } from './watch-money.ts'

export interface RemoteWatch {
  database: Database<Tables>
  queue: WakeQueue<JobKey>
  /** The jobs of a provider, or of its simulator; null where this process does not know it. */
  jobsOf(provider: string, simulated: boolean): Pick<RemoteJobs<never, unknown>, WatchedCalls> | null
  /** Providers that are not asked now, as `healthNameOf` names them: they would not answer. */
  ill(): string[]
  newId(): string
  onError(error: unknown): void
}
type WatchedCalls = 'ended' | 'bill' | 'cancel' | 'remove' | 'find' | 'lookAgainMs'

const wakeEveryMs = 200
/** While no provider works for us; one that begins is not done at once. */
const idleMs = 1_000
const lookEveryMs = 500
const findEveryMs = 30_000
const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** After these times a bill is asked for again; then every six hours, until it is in doubt what the call cost. */
const billAgainMs = [1_000, 5_000, 30_000, 5 * minuteMs, hourMs]
const billWithinMs = 72 * hourMs
const removeWithinMs = 72 * hourMs

/**
 * Watches over the jobs that providers work off on their own: asks which are done, wakes whoever waits for them, cancels those that
 * nobody wants any more, asks what ended ones have cost, removes them where that is wanted, and finds those whose handing over got no answer and
 * that nobody else looks for. Any number of processes may watch.
 */
export function watchRemoteCalls(watch: RemoteWatch): { stop(): Promise<void> } {
  const stop = new AbortController()
  let idleUntil = 0
  const wake = async () => {
    if (performance.now() < idleUntil) return
    const anyRuns = await wakeForEnded(watch)
    if (!anyRuns) idleUntil = performance.now() + idleMs
  }
  const waking = repeat(wake, wakeEveryMs, watch.onError)
  const unlessStopped = (error: unknown) => {
    if (!stop.signal.aborted) watch.onError(error)
  }
  const underWay = new Map<string, Promise<void>>()
  const looking = repeat(() => lookAtDue(watch, underWay, stop.signal), lookEveryMs, unlessStopped)
  const finding = repeat(() => findForsakenCalls(watch, stop.signal), findEveryMs, unlessStopped)
  return {
    async stop() {
      stop.abort()
      await Promise.all([waking.stop(), looking.stop(), finding.stop()])
      await Promise.all(underWay.values())
    },
  }
}

/** Gives whether any provider works for us. */
async function wakeForEnded({ database, queue }: RemoteWatch): Promise<boolean> {
  const { ended, anyRuns } = await endedCalls(database)
  const jobs = ended.length > 0 ? await jobsAwaiting(database, ended) : []
  if (jobs.length > 0) {
    await database.transaction(session => wakeJobs(session, queue, jobs))
    for (const stage of ['parse', 'embed'] as const) queue.nudge(stage)
  }
  return anyRuns
}

/**
 * Begins to look at everything at which it is time to look. Each provider is looked at on its own, and no second time while a look is `underWay`
 * there: one that hangs holds up nobody else.
 */
async function lookAtDue(watch: RemoteWatch, underWay: Map<string, Promise<void>>, signal: AbortSignal): Promise<void> {
  const due = await remoteSql.takeDueCalls(watch.database, [...underWay.keys(), ...watch.ill()])
  for (const [name, calls] of Map.groupBy(due, healthNameOf)) {
    const look = lookAtProvider(watch, calls, signal).finally(() => underWay.delete(name))
    underWay.set(name, look)
  }
}

async function lookAtProvider(
  watch: RemoteWatch,
  calls: readonly remoteSql.DueCall[],
  signal: AbortSignal,
): Promise<void> {
  const [first] = calls
  const jobs = first && watch.jobsOf(first.provider, first.simulated)
  if (!jobs) return
  const phase = (name: remoteSql.DueCall['phase']) => calls.filter(call => call.phase === name)
  const parts = [
    lookAtRunning(watch, jobs, phase('running'), signal),
    ...phase('billing').map(call => askForBill(watch, jobs, call, signal)),
    ...phase('removing').map(call => remove(watch, jobs, call, signal)),
  ]
  for (const outcome of await Promise.allSettled(parts)) {
    if (outcome.status === 'rejected' && !signal.aborted) watch.onError(outcome.reason)
  }
}

type Jobs = NonNullable<ReturnType<RemoteWatch['jobsOf']>>

async function lookAtRunning(
  { database, onError }: RemoteWatch,
  jobs: Jobs,
  calls: readonly remoteSql.DueCall[],
  signal: AbortSignal,
): Promise<void> {
  if (calls.length === 0) return
  await remoteSql.lookAgain(
    database,
    calls.map(call => ({ ...call, inMs: jobs.lookAgainMs(call.looks) })),
  )
  const unwanted = calls.filter(call => !call.wanted)
  for (const { remoteId } of unwanted) await jobs.cancel(remoteId, { signal }).catch(onError)
  await remoteSql.startBilling(database, unwanted)
  const wanted = calls.filter(call => call.wanted)
  if (wanted.length === 0) return
  const ended = await jobs.ended(
    wanted.map(call => call.remoteId),
    { signal },
  )
  await remoteSql.markEnded(
    database,
    wanted.filter(call => ended.has(call.remoteId)),
  )
}

async function askForBill(
  { database, newId, onError }: RemoteWatch,
  jobs: Jobs,
  call: remoteSql.DueCall,
  signal: AbortSignal,
): Promise<void> {
  const inMs = billAgainMs[call.looks - 1] ?? 6 * hourMs
  await remoteSql.lookAgain(database, [{ ...call, inMs }])
  const unanswered = (error: unknown) => {
    signal.throwIfAborted()
    onError(error)
    return null
  }
  const usage = await jobs.bill(call.remoteId, call.model, { signal }).catch(unanswered)
  // One that was given up while its provider could not be reached may still be at work there.
  if (!usage) await jobs.cancel(call.remoteId, { signal }).catch(unanswered)
  if (usage) await database.transaction(session => settleRemoteCall(session, call, usage, newId))
  else if (call.ageMs > billWithinMs) {
    const note = `${call.provider} has not said what job ${call.remoteId} cost`
    await markHoldUnknown(database, call.tenantId, call.callId, note)
    await remoteSql.forgetRemoteCall(database, call)
  }
}

async function remove(
  { database }: RemoteWatch,
  jobs: Jobs,
  call: remoteSql.DueCall,
  signal: AbortSignal,
): Promise<void> {
  await remoteSql.lookAgain(database, [{ ...call, inMs: call.looks * minuteMs }])
  if (call.ageMs < removeWithinMs) await jobs.remove(call.remoteId, { signal })
  await remoteSql.forgetRemoteCall(database, call)
}

/** Finds the jobs of a provider, of whatever service. */
export function jobsOf({ parse, embedBatchesIn }: Providers, size: { model: string; dimensions: number }) {
  // Watching over batches, it does not matter what they embed.
  const all = [...parse, ...embedBatchesIn(size)]
  return (provider: string, simulated: boolean) => {
    const found = all.find(one => one.provider === provider && one.simulated === simulated)
    return found && 'jobs' in found.service ? found.service.jobs : null
  }
}
