import type { Mode, Provenance, ServiceName } from '../contract/provenance.ts'
import type { ChoiceState } from '../contract/routed-service.ts'

/** A provider that could take the call. `paid` ones cost money; `simulated` ones only imitate the provider they are named after. */
export interface Candidate {
  provider: string
  model: string
  paid: boolean
  simulated: boolean
}

export type Route = { kind: 'call'; candidate: number; provenance: Provenance } | { kind: 'refuse'; reasons: string[] }

/**
 * Which candidate takes a call, and why. Pure: all state comes in. Mock mode takes the first candidate that costs nothing;
 * real mode the first that costs money, else the first that imitates nobody; hybrid prefers that one, unless a budget for it is exhausted (`budgetExhausted`). What
 * a provider did not finish in time (`stuck`) goes to the first one that costs nothing and does not imitate.
 */
export function decideRoute(
  service: ServiceName,
  mode: Mode,
  candidates: readonly Candidate[],
  { budgetExhausted = false, stuck }: ChoiceState = {},
): Route {
  if (stuck !== undefined) return routeAround(service, mode, candidates, stuck)
  const free = candidates.findIndex(c => !c.paid)
  const wantsFree = budgetExhausted && mode === 'hybrid' && free >= 0
  const paid = wantsFree ? -1 : candidates.findIndex(c => c.paid)
  const own = mode === 'real' && paid < 0 ? candidates.findIndex(c => !c.simulated) : paid
  const chosen = mode === 'mock' ? free : mode === 'real' || paid >= 0 ? own : free
  const candidate = candidates[chosen]
  if (!candidate)
    return { kind: 'refuse', reasons: [`no provider of service ${service} is configured for mode ${mode}`] }
  const { provider, model, simulated } = candidate
  const reasons = [`mode is ${mode}`]
  if (wantsFree) reasons.push('the budget of the paid provider is exhausted')
  else if (mode === 'hybrid' && !candidate.paid) reasons.push('no paid provider is configured')
  reasons.push(
    simulated ? `${provider} is simulated` : candidate.paid ? `${provider} is configured` : `${provider} costs nothing`,
  )
  return { kind: 'call', candidate: chosen, provenance: { provider, model, simulated, mode, reasons } }
}

function routeAround(service: ServiceName, mode: Mode, candidates: readonly Candidate[], stuck: string): Route {
  const chosen = candidates.findIndex(c => !c.paid && !c.simulated && c.provider !== stuck)
  const candidate = candidates[chosen]
  const reason = `${stuck} did not finish in time`
  if (!candidate) return { kind: 'refuse', reasons: [reason, `nobody else does ${service} for nothing`] }
  const { provider, model, simulated } = candidate
  const reasons = [`mode is ${mode}`, reason, `${provider} costs nothing`]
  return { kind: 'call', candidate: chosen, provenance: { provider, model, simulated, mode, reasons } }
}
