import type { BudgetView } from '../../contract/budget.ts'
import { CliFailure, usageFailure } from '../cli-failure.ts'

/**
 * The budget with this id; the tenant (`*` for all together) may be left out when only one has it. Throws `budget_not_found`, or a
 * usage failure when several have it.
 */
export function findBudget(budgets: readonly BudgetView[], budgetId: string, tenantId: string | undefined): BudgetView {
  const found = budgets.filter(b => b.budgetId === budgetId && (tenantId === undefined || b.tenantId === tenantId))
  const [budget, ...others] = found
  if (budget && others.length === 0) return budget
  if (budget) {
    const tenants = found.map(b => (b.tenantId === '*' ? "'*'" : b.tenantId)).join(', ')
    throw usageFailure(`There is a budget ${budgetId} for each of ${tenants}.`, 'Say which one with --tenant.')
  }
  const whose = tenantId === undefined ? '' : ` of tenant ${tenantId}`
  throw new CliFailure('budget_not_found', `There is no budget ${budgetId}${whose}.`, {
    action: "List them with `sluice budgets`; set a new one like `sluice budgets set '$5/day service=parse'`.",
  })
}
