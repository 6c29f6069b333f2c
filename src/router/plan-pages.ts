import type { ParseTier } from '../contract/parse-options.ts'
import type { PageKind, Policy, PolicyStep } from '../contract/routing.ts'

/** Who reads which pages of a document. `why` has a sentence for each group. */
export interface PagePlan {
  local: number[]
  paid: number[]
  /** Of the paid pages; null: the server's. */
  tier: ParseTier | null
  why: string[]
}

/** What pages of a document would cost at the most, in nano-dollars; null where nobody can say. */
export type CostOf = (pages: number, tier: ParseTier | null) => bigint | null

const rank: readonly (ParseTier | null)[] = [null, 'fast', 'cost_effective', 'agentic', 'agentic_plus']

/**
 * Gives each page to the first step of the policy that takes pages of its kind. All paid pages of a document go to one tier, the best that one of
 * them asks for, in one job. A step that would cost more than its `maxCostUsd` for the document is left out.
 */
export function planPages(kinds: ReadonlyMap<number, PageKind>, policy: Policy, costOf: CostOf): PagePlan {
  const usable = policy.filter(step => isAffordable(step, kinds.size, costOf))
  const plan: PagePlan = { local: [], paid: [], tier: null, why: [] }
  for (const [kind, pages] of Map.groupBy(kinds, ([, kind]) => kind)) {
    const numbers = pages.map(([pageNumber]) => pageNumber)
    const step = usable.find(one => takes(one, kind))
    const isPaid = step?.use === 'paid'
    ;(isPaid ? plan.paid : plan.local).push(...numbers)
    if (isPaid && rank.indexOf(step.tier ?? null) > rank.indexOf(plan.tier)) plan.tier = step.tier ?? null
    plan.why.push(`${namePages(numbers)} (${kind}): ${isPaid ? 'paid provider' : 'this machine'}`)
  }
  plan.local.sort((a, b) => a - b)
  plan.paid.sort((a, b) => a - b)
  return plan
}

/** The steps that take pages which nobody but this machine has read yet; others only take what a tier has read badly. */
export function firstSteps(policy: Policy): PolicyStep[] {
  return policy.filter(({ pages }) => pages === undefined || pages.some(kind => kind !== 'faulty'))
}

/** Whether a policy looks at the pages at all; otherwise nothing needs to be read before it is decided. */
export function looksAtPages(policy: Policy): boolean {
  return policy[0]?.use === 'local' || policy.some(step => step.pages !== undefined || step.maxCostUsd !== undefined)
}

/** e.g. `pages 1-4, 7`, as LlamaParse names them behind the word. */
export function namePages(pageNumbers: readonly number[]): string {
  return `page${pageNumbers.length === 1 ? '' : 's'} ${rangesOf(pageNumbers).join(', ')}`
}

/** 1,2,3,7 as `1-3` and `7`. */
export function rangesOf(pageNumbers: readonly number[]): string[] {
  const ranges: [first: number, last: number][] = []
  for (const number of [...pageNumbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && last[1] >= number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
}

function takes(step: PolicyStep, kind: PageKind): boolean {
  if (step.pages !== undefined) return step.pages.includes(kind)
  // A picture that this machine cannot read is left to it only where the policy has nobody else.
  return true
}

/** Whether so many pages cost no more than the step allows. */
export function isAffordable({ use, tier, maxCostUsd }: PolicyStep, pages: number, costOf: CostOf): boolean {
  if (use === 'local' || maxCostUsd === undefined) return true
  const cost = costOf(pages, tier ?? null)
  const [whole = '0', part = ''] = maxCostUsd.split('.')
  return cost !== null && cost <= BigInt(whole) * 1_000_000_000n + BigInt(part.padEnd(9, '0'))
}
