import type { Tables } from '../contract/tables.ts'
import {
  type BudgetKey,
  budgetsWaitedFor,
  postponeDeferred,
  waitingForMoney,
  wakeParked,
} from '../jobs/defer-jobs.sql.ts'
import type { JobKey } from '../jobs/move-jobs.sql.ts'
import type { StagedJob } from '../jobs/sweep.sql.ts'
import { readBalance, readTenantShares } from '../ledger/balances.sql.ts'
import { releaseHolds } from '../ledger/book-calls.sql.ts'
import { budgetWindow } from '../ledger/budget-window.ts'
import { type BudgetRow, readBudgets, readRevision } from '../ledger/budgets.sql.ts'
import { sweepHolds } from '../ledger/change-hold.sql.ts'
import { chooseWakes } from '../ledger/choose-wakes.ts'
import type { Database, Session } from '../platform/database.ts'
import { repeat } from '../platform/repeat.ts'
import type { WakeQueue } from '../platform/wake-queue.ts'

export interface MoneyWatch {
  database: Database<Tables>
  queue: WakeQueue<JobKey>
  onError(error: unknown): void
}

const everyMs = 1_000
const jobsPerTenant = 500

/** Every second: frees the holds of the dead, and wakes the jobs for which there is money now. */
export function watchMoney(watch: MoneyWatch): { stop(): Promise<void> } {
  return repeat(
    async () => {
      await releaseLostHolds(watch.database)
      await wakeForMoney(watch)
    },
    everyMs,
    watch.onError,
  )
}

export async function releaseLostHolds(database: Database<Tables>): Promise<void> {
  await database.transaction(async session => {
    await releaseHolds(session, await sweepHolds(session), 'nobody has it any more')
  })
}

/** Wakes those whose budget has room: since its window is over, its cap was raised, or money came free. */
export async function wakeForMoney({ database, queue }: Pick<MoneyWatch, 'database' | 'queue'>): Promise<void> {
  const waitedFor = await budgetsWaitedFor(database)
  if (waitedFor.length === 0) return
  const budgets = await readBudgets(database)
  for (const key of waitedFor) {
    const budget = budgets.find(b => b.tenantId === key.tenantId && b.budgetId === key.budgetId)
    const woken = await database.transaction(async session => {
      const jobs = budget ? await wakeThatFit(session, budget) : await wakeAll(session, key)
      await sendWakeUps(session, queue, jobs)
      return jobs
    })
    for (const stage of new Set(woken.map(job => job.stage))) queue.nudge(stage)
  }
}

/** Wakes jobs with their wake-ups, whatever they wait for. */
export async function wakeJobs(
  session: Session<Tables>,
  queue: WakeQueue<JobKey>,
  jobs: readonly JobKey[],
): Promise<void> {
  await sendWakeUps(session, queue, await wakeParked(session, jobs))
}

async function wakeThatFit(session: Session<Tables>, budget: BudgetRow): Promise<StagedJob[]> {
  const { now } = await readRevision(session)
  const window = budgetWindow(budget.period, budget.timeZone, now)
  const line = await waitingForMoney(session, budget, jobsPerTenant)
  const { heldNanoUsd, spentNanoUsd } = await readBalance(session, budget, window)
  // Those woken before have not all reserved yet.
  const promised = line.reduce((sum, job) => sum + (job.state === 'deferred' ? 0n : job.neededNanoUsd), 0n)
  const room = budget.capNanoUsd - heldNanoUsd - spentNanoUsd - promised
  const waiting = line.filter(job => job.state === 'deferred')
  const anyFits = waiting.some(job => job.neededNanoUsd <= room)
  const used = anyFits ? await readTenantShares(session, budget, window) : new Map<string, bigint>()
  const woken = await wakeParked(session, chooseWakes(waiting, room, used))
  await postponeDeferred(session, budget, budget.period === 'total' ? null : window.end)
  return woken
}

/** Their budget has been taken away. */
async function wakeAll(session: Session<Tables>, key: BudgetKey): Promise<StagedJob[]> {
  const line = await waitingForMoney(session, key, jobsPerTenant)
  return await wakeParked(session, line)
}

async function sendWakeUps(
  session: Session<Tables>,
  queue: WakeQueue<JobKey>,
  jobs: readonly StagedJob[],
): Promise<void> {
  for (const [stage, staged] of Map.groupBy(jobs, job => job.stage)) {
    await queue.send(
      session,
      stage,
      staged.map(({ tenantId, jobId }) => ({ tenantId, jobId })),
    )
  }
}
