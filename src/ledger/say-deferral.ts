import type { BudgetPolicy } from '../contract/budget-terms.ts'
import { CallDeferred } from '../contract/deferral.ts'
import { AppError } from '../contract/failure.ts'
import { formatUsd } from '../contract/format-usd.ts'
import type { NanoUsd } from '../contract/money.ts'
import type { ServiceName } from '../contract/provenance.ts'

/** A budget that a call did not fit into, with its balance at that moment. */
export interface ShortBudget {
  tenantId: string
  budgetId: string
  money: 'real' | 'shadow'
  period: string
  policy: BudgetPolicy
  capNanoUsd: NanoUsd
  heldNanoUsd: NanoUsd
  spentNanoUsd: NanoUsd
  neededNanoUsd: NanoUsd
  missingNanoUsd: NanoUsd
  /** True: the money is there, but other tenants wait for theirs. */
  fairShare: boolean
  windowEnd: Date | null
}

const lookAgainMs = { in_progress: 2_000, in_doubt: 30_000 }

/** The strictest of several budgets' policies. */
export function exhaustedPolicy(budgets: readonly { policy: BudgetPolicy }[]): BudgetPolicy {
  const policies = new Set(budgets.map(budget => budget.policy))
  return policies.has('reject') ? 'reject' : policies.has('defer') ? 'defer' : 'fallback'
}

/** The deferral of a call that does not fit, by the budget that keeps it waiting longest. */
export function overBudget(service: ServiceName, budgets: readonly ShortBudget[]): CallDeferred {
  const [first, ...others] = budgets.toSorted((a, b) => endOf(b) - endOf(a))
  if (!first) throw new Error('no budget was short')
  const until = neverFits(first)
    ? 'It goes on when the cap is raised.'
    : first.windowEnd
      ? `It goes on at ${first.windowEnd.toISOString()}, or as soon as there is money.`
      : 'It goes on as soon as the cap is raised or money comes free.'
  const more = others.length > 0 ? ` So are ${others.map(nameOf).join(', ')}.` : ''
  return new CallDeferred({
    reason: 'budget',
    message: `The ${service} call waits: ${sayShort(first)}.${more} ${until}`,
    resumesAt: neverFits(first) ? null : first.windowEnd,
    budget: { ...first, neverFits: neverFits(first) },
  })
}

export function refusedByBudget(service: ServiceName, budgets: readonly ShortBudget[]): AppError {
  const strict = budgets.filter(budget => budget.policy === 'reject')
  return new AppError('budget_exhausted', `The ${service} call was not made: ${strict.map(sayShort).join('; ')}.`)
}

/** Of a call that may take no more than is left of its quote. */
export function beyondQuote(
  service: ServiceName,
  neededNanoUsd: NanoUsd,
  { leftNanoUsd, others }: { leftNanoUsd: NanoUsd; others: boolean },
): CallDeferred {
  const left = others
    ? 'other documents of its quote are not parsed yet'
    : `its quote has ${formatUsd(leftNanoUsd)} left`
  const message = `The ${service} call was not made: ${left}, and it needs ${formatUsd(neededNanoUsd)}.`
  return new CallDeferred({ reason: 'budget', message, resumesAt: null, budget: null })
}

export function inProgress(service: ServiceName): CallDeferred {
  const message = `The same ${service} result is being bought by another call at this moment.`
  return new CallDeferred({
    reason: 'in_progress',
    message,
    resumesAt: new Date(Date.now() + lookAgainMs.in_progress),
    budget: null,
  })
}

/** `canAsk`: the provider can tell, though not yet, so it is asked again by itself. */
export function inDoubt(service: ServiceName, callId: string, canAsk: boolean): CallDeferred {
  const what = `Nobody knows whether ${service} call ${callId} was charged, so it is not sent again`
  const next = canAsk
    ? 'the provider is asked again'
    : `look at the provider's bill and run \`sluice costs resolve ${callId}\``
  return new CallDeferred({
    reason: 'in_doubt',
    message: `${what}: ${next}.`,
    resumesAt: canAsk ? new Date(Date.now() + lookAgainMs.in_doubt) : null,
    budget: null,
  })
}

/** e.g. `budget parse-day allows $5.00 a day, $4.99 spent and $0.00 held; this needs $0.03, $0.02 too much` */
export function sayShort(short: ShortBudget): string {
  const { capNanoUsd, heldNanoUsd, spentNanoUsd, neededNanoUsd, missingNanoUsd, period } = short
  const per = period === 'total' ? 'in total' : period === 'hour' ? 'an hour' : `a ${period}`
  const needs = `this needs ${formatUsd(neededNanoUsd)}`
  if (short.fairShare)
    return `${nameOf(short)} is shared and other tenants wait for their part of it; ${needs}, ${formatUsd(missingNanoUsd)} more than this tenant's share`
  if (neverFits(short)) return `${nameOf(short)} allows ${formatUsd(capNanoUsd)} ${per} and ${needs}: it never fits`
  const used = `${formatUsd(spentNanoUsd)} spent and ${formatUsd(heldNanoUsd)} held`
  return `${nameOf(short)} allows ${formatUsd(capNanoUsd)} ${per}, ${used}; ${needs}, ${formatUsd(missingNanoUsd)} too much`
}

function neverFits({ neededNanoUsd, capNanoUsd }: ShortBudget): boolean {
  return neededNanoUsd > capNanoUsd
}

function nameOf({ tenantId, budgetId, money }: ShortBudget): string {
  return `${money === 'shadow' ? 'shadow budget' : 'budget'} ${budgetId}${tenantId === '*' ? '' : ` of tenant ${tenantId}`}`
}

function endOf(short: ShortBudget): number {
  const { windowEnd } = short
  if (neverFits(short)) return Number.MAX_SAFE_INTEGER
  return windowEnd?.getTime() ?? Number.MAX_SAFE_INTEGER
}
