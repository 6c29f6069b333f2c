export interface BudgetEnd {
  /** `*`: all tenants together. */
  tenantId: string
  budgetId: string
  /** Of the present window; null: never. */
  endsAt: Date | null
}

/**
 * When the last of the budgets begins anew that a refusal names; null when none of them ever does. A refusal says
 * `budget <id>` or `budget <id> of tenant <tenant>` of each, and `it never fits` where waiting does not help.
 */
export function findReset(message: string, tenantId: string, budgets: readonly BudgetEnd[]): Date | null {
  if (message.includes('it never fits')) return null
  const named = budgets.filter(budget => {
    const name =
      budget.tenantId === '*' ? `budget ${budget.budgetId} ` : `budget ${budget.budgetId} of tenant ${tenantId} `
    return (budget.tenantId === '*' || budget.tenantId === tenantId) && message.includes(name)
  })
  const ends = named.map(({ endsAt }) => endsAt)
  if (ends.length === 0 || ends.some(end => end === null)) return null
  return new Date(Math.max(...ends.map(end => end?.getTime() ?? 0)))
}
