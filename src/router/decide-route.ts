import { formatUsd } from '../contract/format-usd.ts'
import type { Mode, Provenance, ServiceName } from '../contract/provenance.ts'
import type { ProviderHealth } from '../contract/provider-health.ts'
import type { Considered, RouteDecision } from '../contract/route-decision.ts'

/**
 * A provider that could take the call. `paid` ones cost money; `simulated` ones only imitate the provider they are named after; a `standIn`
 * does the same work on this machine, for nothing and not as well.
 */
export interface Candidate {
  provider: string
  model: string
  paid: boolean
  simulated: boolean
  standIn: boolean
}

/** How a candidate is at this moment; what is left out is no obstacle. */
export interface CandidateState {
  health?: Pick<ProviderHealth, 'state' | 'retryAt' | 'limitedUntil' | 'reason'>
  /** What the call costs at most, and what the budgets have left for it. */
  costNanoUsd?: bigint
  roomNanoUsd?: bigint
  /** A budget has just said no. */
  exhausted?: boolean
  /** It did not finish this work in time. */
  stuck?: boolean
}

export interface RouteRequest {
  service: ServiceName
  mode: Mode
  /** In mode `hybrid`: the name of the policy, and in its order who may take the call. */
  policy?: { name: string; order: readonly ('local' | 'paid')[] }
  production: boolean
  /** Somebody insists on `mock` in production. */
  mockForced: boolean
  /** The space that vectors are for: nobody else's will do. */
  space?: { provider: string; simulated: boolean }
  /** Nobody is to step in for the one that is wanted. */
  insists?: boolean
  /** Nor here: pages that have been read are read again, for this reason, or stay as they are. */
  improves?: string
}

export type Route =
  | { kind: 'call'; candidate: number; provenance: Provenance; decision: RouteDecision }
  | {
      kind: 'wait'
      provider: string
      simulated: boolean
      until: Date | null
      why: 'unhealthy' | 'unaffordable'
      decision: RouteDecision
    }
  | { kind: 'refuse'; decision: RouteDecision }

/**
 * Which candidate takes a call, and why; or what is waited for. Pure and total: all state comes in, and every answer has its reasons with the
 * numbers that were used. `local` takes the stand-in, `mock` a simulator, `real` a provider, and none of them anybody else; `hybrid` goes through
 * its policy's order and takes the first that can be had. What goes to a later one only since an earlier one could not be had is provisional.
 */
export function decideRoute(
  request: RouteRequest,
  candidates: readonly Candidate[],
  states: readonly CandidateState[],
  nowMs: number,
): Route {
  const { service, mode, policy } = request
  const reasons = [policy ? `mode is ${mode}, policy ${policy.name}` : `mode is ${mode}`]
  const decision = (outcome: RouteDecision['outcome'], rest: Partial<RouteDecision> = {}): RouteDecision => ({
    service,
    outcome,
    mode,
    policy: policy?.name ?? null,
    provider: null,
    model: null,
    provisional: false,
    reasons,
    considered,
    until: null,
    ...rest,
  })
  const considered: Considered[] = []
  const note = ({ provider, model, simulated }: Candidate, verdict: Considered['verdict'], why: string) =>
    considered.push({ provider, model, simulated, verdict, why })

  if (mode === 'mock' && request.production && !request.mockForced) {
    reasons.push('this is production, where nothing is simulated unless somebody forces it')
    return { kind: 'refuse', decision: decision('refuse') }
  }
  if (request.improves !== undefined) reasons.push(request.improves)
  if (mode === 'mock' && request.production) reasons.push('SIMULATED IN PRODUCTION, since somebody forced it')

  const wanted = wantedInOrder(request, candidates, states)
  for (const candidate of candidates)
    if (!wanted.some(index => candidates[index] === candidate))
      note(candidate, 'not_wanted', whyNotWanted(request, candidate))
  let skipped: { candidate: Candidate; obstacle: Obstacle } | undefined
  for (const index of wanted) {
    const candidate = candidates[index]
    if (!candidate) continue
    const obstacle = obstacleOf(candidate, states[index] ?? {}, nowMs)
    if (obstacle) {
      note(candidate, obstacle.verdict, obstacle.why)
      reasons.push(obstacle.why)
      skipped = moreUrgent(skipped, { candidate, obstacle })
      continue
    }
    const { provider, model, simulated } = candidate
    const provisional = skipped !== undefined
    const why = whyChosen(candidate)
    note(candidate, 'chosen', why)
    reasons.push(why)
    if (provisional) reasons.push(`provisional: done again once ${skipped?.candidate.provider} can be had`)
    const provenance = { provider, model, simulated, mode, reasons, ...(provisional && { provisional }) }
    return { kind: 'call', candidate: index, provenance, decision: decision('call', { provider, model, provisional }) }
  }
  if (!skipped) {
    reasons.push(`no provider of service ${service} is configured for mode ${mode}`)
    return { kind: 'refuse', decision: decision('refuse') }
  }
  const { candidate, obstacle } = skipped
  const stays = request.improves !== undefined
  reasons.push(
    stays ? 'nobody else may do it, so the reading that is there stays' : 'nobody else may do it, so it waits',
  )
  const until = obstacle.untilMs === null ? null : new Date(obstacle.untilMs)
  const told = decision(stays ? 'refuse' : 'wait', {
    provider: candidate.provider,
    model: candidate.model,
    until: until?.toISOString() ?? null,
  })
  const why = obstacle.verdict === 'unaffordable' ? 'unaffordable' : 'unhealthy'
  const { provider, simulated } = candidate
  return { kind: 'wait', provider, simulated, until, why, decision: told }
}

/** The indices of those who may take the call at all, the most wanted first. */
function wantedInOrder(
  { mode, policy, space, insists, improves }: RouteRequest,
  candidates: readonly Candidate[],
  states: readonly CandidateState[],
): number[] {
  const fits = (c: Candidate) => !space || (c.provider === space.provider && c.simulated === space.simulated)
  const first = (accepts: (c: Candidate) => boolean) => {
    const index = candidates.findIndex(c => fits(c) && accepts(c))
    return index < 0 ? [] : [index]
  }
  const real = () => {
    const paid = first(c => c.paid)
    return paid.length > 0 ? paid : first(c => !c.simulated && !c.standIn)
  }
  const standIn = () => first(c => c.standIn)
  const own = () => {
    if (mode === 'local') return standIn()
    if (mode === 'mock') return first(c => c.simulated)
    if (mode === 'real' || !policy) return real()
    return policy.order.flatMap(use => (use === 'local' ? standIn() : real()))
  }
  const wanted = insists || improves !== undefined ? own().slice(0, 1) : own()
  // What a provider has not finished may go to the stand-in, in every mode: that was asked for when it got stuck.
  const around = improves === undefined && wanted.some(index => states[index]?.stuck) ? standIn() : []
  return [...new Set([...wanted, ...around])]
}

interface Obstacle {
  verdict: Exclude<Considered['verdict'], 'chosen' | 'not_wanted'>
  why: string
  /** Null: nobody knows when it is gone. */
  untilMs: number | null
}

function obstacleOf({ provider, paid }: Candidate, state: CandidateState, nowMs: number): Obstacle | null {
  const { health, costNanoUsd, roomNanoUsd } = state
  if (state.stuck) return { verdict: 'stuck', why: `${provider} did not finish in time`, untilMs: null }
  if (health?.state === 'open') {
    const untilMs = health.retryAt === null ? null : Math.max(nowMs, Date.parse(health.retryAt))
    return { verdict: 'unhealthy', why: `${provider} is not healthy: ${health.reason ?? 'it fails'}`, untilMs }
  }
  const limitedMs = health?.limitedUntil ? Date.parse(health.limitedUntil) : 0
  if (limitedMs > nowMs)
    return { verdict: 'limited', why: `${provider} takes nothing until ${health?.limitedUntil}`, untilMs: limitedMs }
  if (!paid) return null
  if (state.exhausted) return { verdict: 'unaffordable', why: `a budget for ${provider} is exhausted`, untilMs: null }
  if (costNanoUsd !== undefined && roomNanoUsd !== undefined && costNanoUsd > roomNanoUsd) {
    const why = `${provider} costs up to ${formatUsd(costNanoUsd)}, and ${formatUsd(roomNanoUsd)} are allowed`
    return { verdict: 'unaffordable', why, untilMs: null }
  }
  return null
}

/** Of several that cannot be had, the one that may be soonest is waited for. */
function moreUrgent<S extends { obstacle: Obstacle }>(a: S | undefined, b: S): S {
  if (!a) return b
  return (b.obstacle.untilMs ?? Number.POSITIVE_INFINITY) < (a.obstacle.untilMs ?? Number.POSITIVE_INFINITY) ? b : a
}

function whyChosen({ provider, simulated, standIn, paid }: Candidate): string {
  if (simulated) return `${provider} is simulated`
  if (standIn) return `${provider} costs nothing, and nothing leaves this machine`
  return paid ? `${provider} is configured` : `${provider} is configured, and costs nothing`
}

function whyNotWanted({ mode, policy }: RouteRequest, { provider, simulated, standIn }: Candidate): string {
  const who = `${provider}${simulated ? ' (simulated)' : ''}`
  if (simulated) return `${who} is for mode mock`
  if (standIn) return policy ? `${who} has no place in policy ${policy.name} here` : `${who} is for mode local`
  return policy ? `${who} has no place in policy ${policy.name} here` : `${who} is not asked in mode ${mode}`
}
