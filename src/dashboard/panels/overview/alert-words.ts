import type { Alert } from '../../../contract/alert.ts'
import { usd } from '../../shared/money.ts'

/** What an alert says, in a sentence. */
export function alertWords({
  kind,
  subject,
  details,
}: Pick<Alert, 'kind' | 'subject'> & { details: Record<string, unknown> }): string {
  const { budgetId, percent, capNanoUsd, usedNanoUsd, service, provider, heldNanoUsd, spaceId } = details
  const budget = `budget ${budgetId}${details.money === 'shadow' ? ' (by simulated costs)' : ''}`
  const used = `${amount(usedNanoUsd)} of ${amount(capNanoUsd)} are spent or held`
  switch (kind) {
    case 'budget_threshold':
      return `${percent} % of ${budget}: ${used}`
    case 'budget_exhausted':
      return `${budget} had no room for a call: ${used}`
    case 'call_overrun':
      return `a call for ${service} at ${provider} cost more than was held for it`
    case 'call_in_doubt':
      return `a call for ${service} at ${provider} may have been charged ${amount(heldNanoUsd)}`
    case 'call_stuck':
      return `${provider} did not finish a job in time, so it was given up`
    case 'vector_drift':
      return `the model of vector space ${spaceId} gives other vectors than before`
    case 'provider_stopped':
      return details.code === 'provider_key_refused'
        ? `${provider} does not accept the key`
        : `${provider} has no credit left`
    default:
      return subject
  }
}

function amount(nanoUsd: unknown): string {
  return typeof nanoUsd === 'string' && /^-?\d+$/.test(nanoUsd) ? usd(nanoUsd) : '?'
}
