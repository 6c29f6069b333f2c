import { type ParseTier, parseTiers } from '../contract/parse-options.ts'
import type { Policy } from '../contract/routing.ts'
import { type CostOf, isAffordable } from './plan-pages.ts'

/** `too_dear`: the policy names a better tier, which would cost more for these pages than it allows. */
export type NextTier = { kind: 'tier'; tier: ParseTier } | { kind: 'too_dear'; tier: ParseTier; maxCostUsd: string }

/**
 * The tier that reads pages again which `used` has read badly: of the policy's first step that takes faulty pages, at a better tier, for no more than
 * its `maxCostUsd`. Null where the policy has none, or where `used` is no tier that is known. As tiers only get better, it ends. Pure.
 */
export function nextTier(policy: Policy, used: string, pages: number, costOf: CostOf): NextTier | null {
  const rank = rankOf(used)
  const better = policy.flatMap(step =>
    step.use === 'paid' && step.pages?.includes('faulty') && step.tier !== undefined && rankOf(step.tier) > rank
      ? [{ ...step, tier: step.tier }]
      : [],
  )
  const [first] = better
  if (rank < 0 || !first) return null
  const step = better.find(one => isAffordable(one, pages, costOf))
  return step
    ? { kind: 'tier', tier: step.tier }
    : { kind: 'too_dear', tier: first.tier, maxCostUsd: first.maxCostUsd ?? '0' }
}

function rankOf(tier: string): number {
  const tiers: readonly string[] = parseTiers
  return tiers.indexOf(tier)
}
