import type { Tables } from '../contract/tables.ts'
import { jobsInDoubt } from '../jobs/defer-jobs.sql.ts'
import type { JobKey } from '../jobs/move-jobs.sql.ts'
import { judgeDoubt } from '../ledger/judge-doubt.ts'
import { type Doubt, noteOnCall, readDoubts, readKnownUnits } from '../ledger/read-calls.sql.ts'
import { resolveCall } from '../ledger/resolve-call.ts'
import type { Database } from '../platform/database.ts'
import type { WakeQueue } from '../platform/wake-queue.ts'
import type { ReadUsageMinutes } from '../providers/openai/usage-minutes.ts'
import { wakeJobs } from './watch-money.ts'

export interface DoubtOptions {
  database: Database<Tables>
  queue: WakeQueue<JobKey>
  readMinutes: ReadUsageMinutes
  newId(): string
  now: Date
}

const provider = 'openai'
const minuteMs = 60_000
/** Usage appears some minutes late; OpenAI names no bound. */
const reportedAfterMs = 30 * minuteMs
/** A request may take so long from its dispatch until it is counted. */
const spanMs = 2 * minuteMs

/**
 * Asks OpenAI's usage report about calls in doubt. One that it does not count gives its money back, and its work goes on. One that
 * was charged stays with the operator: its result is lost, and to buy it again is nothing that is done by itself.
 */
export async function lookIntoDoubts(options: DoubtOptions, signal: AbortSignal): Promise<void> {
  const { database, now } = options
  const doubts = await readDoubts(database, provider, new Date(now.getTime() - reportedAfterMs))
  for (const doubt of doubts) await lookIntoDoubt(options, doubt, doubts, signal)
}

async function lookIntoDoubt(
  { database, queue, readMinutes, newId }: DoubtOptions,
  doubt: Doubt,
  doubts: readonly Doubt[],
  signal: AbortSignal,
): Promise<void> {
  const fromMs = Math.floor((doubt.dispatchedAt.getTime() - spanMs) / minuteMs) * minuteMs
  const period = { from: new Date(fromMs), to: new Date(fromMs + 3 * spanMs) }
  const minutes = await readMinutes(doubt.model, period, { signal })
  const verdict = judgeDoubt({
    units: doubt.units,
    theirs: {
      units: minutes.reduce((sum, minute) => sum + minute.tokens, 0n),
      calls: minutes.reduce((sum, minute) => sum + minute.calls, 0),
    },
    ours: await readKnownUnits(database, { provider, model: doubt.model }, period),
    othersInDoubt: doubts.some(other => other !== doubt && other.model === doubt.model && isNear(other, doubt)),
  })
  if (verdict === 'charged')
    await noteOnCall(
      database,
      doubt.tenantId,
      doubt.callId,
      'OpenAI’s usage report says that it was charged; its answer is lost',
    )
  if (verdict !== 'not_charged') return
  await database.transaction(async session => {
    const reason = 'OpenAI’s usage report does not count it'
    await resolveCall(session, doubt.callId, { outcome: 'not_charged', reason }, newId)
    await wakeJobs(session, queue, await jobsInDoubt(session, doubt.tenantId))
  })
}

function isNear(a: Doubt, b: Doubt): boolean {
  return Math.abs(a.dispatchedAt.getTime() - b.dispatchedAt.getTime()) < 3 * spanMs
}
