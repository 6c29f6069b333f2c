import type { BudgetView } from '../contract/budget.ts'
import type { Tables } from '../contract/tables.ts'
import { countWaitingForMoney } from '../jobs/defer-jobs.sql.ts'
import { readBalance } from '../ledger/balances.sql.ts'
import { budgetWindow } from '../ledger/budget-window.ts'
import { readBudgets, readRevision } from '../ledger/budgets.sql.ts'
import type { Database } from '../platform/database.ts'

/** All budgets with their present windows, and what waits for them, in one snapshot. */
export async function viewBudgets(database: Database<Tables>): Promise<BudgetView[]> {
  return await database.snapshot(async session => {
    const { now } = await readRevision(session)
    const waiting = await countWaitingForMoney(session)
    const views: BudgetView[] = []
    for (const budget of await readBudgets(session)) {
      const window = budgetWindow(budget.period, budget.timeZone, now)
      const { heldNanoUsd, spentNanoUsd } = await readBalance(session, budget, window)
      const line = waiting.find(w => w.tenantId === budget.tenantId && w.budgetId === budget.budgetId)
      const endless = budget.period === 'total'
      views.push({
        ...budget,
        capNanoUsd: String(budget.capNanoUsd),
        windowStart: endless ? null : window.start.toISOString(),
        windowEnd: endless ? null : window.end.toISOString(),
        heldNanoUsd: String(heldNanoUsd),
        spentNanoUsd: String(spentNanoUsd),
        leftNanoUsd: String(budget.capNanoUsd - heldNanoUsd - spentNanoUsd),
        waitingJobs: line?.jobs ?? 0,
        waitingNanoUsd: String(line?.neededNanoUsd ?? 0n),
      })
    }
    return views
  })
}
