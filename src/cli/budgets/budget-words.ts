import type { BudgetView } from '../../contract/budget.ts'
import { printable } from '../text/printable.ts'

type Name = Pick<BudgetView, 'tenantId' | 'budgetId'>
type Window = Pick<BudgetView, 'windowEnd' | 'timeZone'>

/** `budget parse-day of tenant acme`. */
export function budgetName({ tenantId, budgetId }: Name): string {
  return printable(`budget ${budgetId} of ${tenantId === '*' ? 'all tenants' : `tenant ${tenantId}`}`)
}

/** What a budget covers besides its tenant: all of it must fit. */
export function coverWords({ service, provider, apiKeyId, tag }: BudgetView): string {
  const parts = [service, provider && `provider ${provider}`, apiKeyId && `key ${apiKeyId}`, tag && `tag ${tag}`]
  return printable(parts.filter(part => part !== null).join(', ') || 'everything')
}

/** When the present window ends, by the budget's own clock, e.g. `2026-11-24 00:00 Europe/Berlin`. */
export function resetWords({ windowEnd, timeZone }: Window): string {
  if (windowEnd === null) return 'never'
  const local = Temporal.Instant.from(windowEnd).toZonedDateTimeISO(timeZone).toPlainDateTime()
  return `${local.toString({ smallestUnit: 'minute' }).replace('T', ' ')} ${printable(timeZone)}`
}

/** The command that changes the cap of this budget, without the amount. */
export function capCommand({ tenantId, budgetId }: Name): string {
  return printable(`sluice budgets set ${budgetId}${tenantId === '*' ? '' : ` --tenant ${tenantId}`} --cap`)
}
