import type { BudgetSettings } from '../contract/budget.ts'
import type { Tables } from '../contract/tables.ts'
import { readBudgets, removeBudget, setBudget } from '../ledger/budgets.sql.ts'
import type { Database } from '../platform/database.ts'

/** Sets the budgets of the configuration, and takes those away that it had before and has no longer. */
export async function applyConfiguredBudgets(
  database: Database<Tables>,
  wanted: readonly BudgetSettings[],
): Promise<void> {
  await database.transaction(async session => {
    const present = await readBudgets(session)
    for (const budget of wanted) {
      const same = present.find(b => isSame(b, budget))
      if (
        same?.origin !== 'configuration' ||
        textOf({ ...same, capNanoUsd: String(same.capNanoUsd) }) !== textOf(budget)
      )
        await setBudget(session, budget, 'configuration')
    }
    for (const budget of present)
      if (budget.origin === 'configuration' && !wanted.some(b => isSame(b, budget))) await removeBudget(session, budget)
  })
}

function isSame(a: Pick<BudgetSettings, 'tenantId' | 'budgetId'>, b: typeof a): boolean {
  return a.tenantId === b.tenantId && a.budgetId === b.budgetId
}

function textOf(b: BudgetSettings): string {
  return JSON.stringify([
    b.service,
    b.provider,
    b.apiKeyId,
    b.tag,
    b.money,
    b.capNanoUsd,
    b.period,
    b.timeZone,
    b.policy,
    b.alertPercents,
  ])
}
