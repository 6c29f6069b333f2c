/** The words of budgets, apart from their schemas, so that a browser gets them without zod. */
export const budgetPeriods = ['hour', 'day', 'week', 'month', 'total'] as const
export type BudgetPeriod = (typeof budgetPeriods)[number]
export const budgetPolicies = ['defer', 'reject', 'fallback'] as const
export type BudgetPolicy = (typeof budgetPolicies)[number]
