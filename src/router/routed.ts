import { CallDeferred } from '../contract/deferral.ts'
import { AppError } from '../contract/failure.ts'
import type { Provenance, ServiceName, VectorSpace } from '../contract/provenance.ts'
import { healthNameOf, type ProviderHealth } from '../contract/provider-health.ts'
import type { RouteDecision } from '../contract/route-decision.ts'
import type { ChoiceState, Chooser, ChosenProvider, RouteCaller } from '../contract/routed-service.ts'
import type { Service } from '../contract/service.ts'
import { type Candidate, type CandidateState, decideRoute, type Route } from './decide-route.ts'
import type { ModeOfCall } from './mode-board.ts'

/** What the router needs to know besides the providers. */
export interface RouterState {
  modeOf(tenantId: string, service: ServiceName, wish: RouteCaller['routing']): ModeOfCall
  healthOf(candidate: Candidate): Pick<ProviderHealth, 'state' | 'retryAt' | 'limitedUntil' | 'reason'> | undefined
  /** Whether a call may go to one that has just come back. */
  admits(candidate: Candidate): Promise<boolean>
  /** Whether one that has failed before may be made again now; if so, it is counted. */
  takeRetry(candidate: Candidate): boolean
  production: boolean
  /** Gives what notes how long the provider took, in milliseconds. */
  log(who: RouteCaller, decision: RouteDecision): (providerMs: number) => void
  /** Makes a call that was decided, for whoever wants to see how calls go. */
  makeCall<Result>(call: DecidedCall, act: () => Promise<Result>): Promise<Result>
}

export interface DecidedCall {
  who: RouteCaller
  service: ServiceName
  provenance: Provenance
}

const retryAgainMs = 3_000

type Provider<Input, Output> = Candidate & { service: Service<Input, Output> }

/** Chooses for each call the provider that `decideRoute` names, by the mode and the health of that moment. */
export function routed<Input, Output>(
  service: ServiceName,
  providers: readonly Provider<Input, Output>[],
  state: RouterState,
  space?: Pick<VectorSpace, 'provider' | 'simulated'>,
): Chooser<Input, Output> {
  const requestOf = (who: RouteCaller) => {
    const { mode, policy, forced } = state.modeOf(who.tenantId, service, who.routing)
    const order = who.planned ? orderPlanned(who, policy) : policy?.steps.map(step => step.use)
    return {
      service,
      mode,
      production: state.production,
      mockForced: forced,
      ...(policy && { policy: { name: policy.name, order: order ?? [] } }),
      ...(space && { space }),
      ...(who.insists && { insists: true }),
      ...(who.improves !== undefined && { improves: who.improves }),
    }
  }
  /** An input can ask for another model than the configured one. */
  const candidatesFor = (input?: Input) =>
    providers.map(one => ({ ...one, model: (input !== undefined && one.service.model?.(input)) || one.model }))
  const take = (route: Route): ChosenProvider<Input, Output> | null => {
    const provider = route.kind === 'call' ? providers[route.candidate] : undefined
    return route.kind === 'call' && provider
      ? { service: provider.service, provenance: route.provenance, paid: provider.paid }
      : null
  }
  const watched = (who: RouteCaller, chosen: ChosenProvider<Input, Output>, note: (ms: number) => void) => {
    const make: Make = act => state.makeCall({ who, service, provenance: chosen.provenance }, act)
    return { ...chosen, service: timed(chosen.service, note, make) }
  }
  const decide = (who: RouteCaller, states: readonly CandidateState[], input?: Input) =>
    decideRoute(requestOf(who), candidatesFor(input), states, Date.now())
  const statesNow = ({ budgetExhausted, stuck }: ChoiceState): CandidateState[] =>
    providers.map(provider => {
      const health = state.healthOf(provider)
      const isStuck = stuck === provider.provider && !provider.standIn
      return { ...(health && { health }), ...(budgetExhausted && { exhausted: true }), ...(isStuck && { stuck: true }) }
    })
  return {
    takesJobs: providers.some(one => 'jobs' in one.service),
    serving(provenance) {
      const one = providers.find(p => p.provider === provenance.provider && p.simulated === provenance.simulated)
      return one ? { service: one.service, provenance, paid: one.paid } : null
    },
    expected(who) {
      const route = decide(who, [])
      return take(route) ?? refuse(service, route)
    },
    async choose(who, input) {
      const states = statesNow({})
      let route = decide(who, states, input)
      const first = route.kind === 'call' ? providers[route.candidate] : undefined
      if (route.kind === 'call' && first && !(await state.admits(first))) {
        const untilMs = Date.now() + 1_000
        const trying = { state: 'open', retryAt: new Date(untilMs).toISOString(), limitedUntil: null } as const
        states[route.candidate] = { health: { ...trying, reason: 'it is being tried with a few calls' } }
        route = decide(who, states, input)
      }
      const last = route.kind === 'call' ? providers[route.candidate] : undefined
      if (who.isRetry && last && !state.takeRetry(last)) tooManyRetries(service, last)
      const note = state.log(who, route.decision)
      const chosen = take(route)
      if (chosen) return watched(who, chosen, note)
      return route.kind === 'wait' ? wait(service, route) : refuse(service, route)
    },
    fetched(who, { provider, model, mode, reasons, provisional = false }, tookMs) {
      const { policy } = state.modeOf(who.tenantId, service, who.routing)
      const told = {
        service,
        mode,
        policy: policy?.name ?? null,
        provider,
        model,
        provisional,
        considered: [],
        until: null,
      }
      const why = [...reasons, 'its job was handed over before, and its result fetched now']
      state.log(who, { ...told, outcome: 'call', reasons: why })(tookMs)
    },
    async instead(who, input, choice) {
      const { mode } = requestOf(who)
      // In the other modes a budget decides alone; the work waits for it.
      if (choice.budgetExhausted && mode !== 'hybrid') return null
      const route = decide(who, statesNow(choice), input)
      if (route.kind !== 'call') {
        if (who.improves !== undefined) state.log(who, route.decision)
        return null
      }
      const note = state.log(who, route.decision)
      const chosen = take(route)
      return chosen && watched(who, chosen, note)
    },
  }
}

type Make = <Result>(act: () => Promise<Result>) => Promise<Result>

/** Measures the call, or the handing over of a job. */
function timed<Input, Output>(
  service: Service<Input, Output>,
  note: (ms: number) => void,
  make: Make,
): Service<Input, Output> {
  const measure = async <Result>(act: () => Promise<Result>) => {
    const startedAt = performance.now()
    try {
      return await make(act)
    } finally {
      note(performance.now() - startedAt)
    }
  }
  if (!('jobs' in service)) return { ...service, call: (input, options) => measure(() => service.call(input, options)) }
  const { jobs } = service
  return { ...service, jobs: { ...jobs, submit: (input, options) => measure(() => jobs.submit(input, options)) } }
}

/** What was planned page by page: the paid provider with the stand-in behind it, if the policy has one for anything that is left over. */
function orderPlanned({ planned }: RouteCaller, policy: ModeOfCall['policy']): ('local' | 'paid')[] {
  if (planned === 'local') return ['local']
  const hasStandIn = policy?.steps.some(step => step.use === 'local' && step.pages === undefined) ?? false
  return hasStandIn ? ['paid', 'local'] : ['paid']
}

/** Burns no attempt: nothing was sent. */
function tooManyRetries(service: ServiceName, candidate: Candidate): never {
  const who = healthNameOf(candidate)
  const message = `The ${service} call was not made again yet: too large a part of what ${who} gets are calls that failed before. It goes on by itself.`
  throw new AppError('provider_rate_limited', message, { retryAfterMs: retryAgainMs })
}

function wait(service: ServiceName, route: Extract<Route, { kind: 'wait' }>): never {
  const { decision } = route
  const provider = healthNameOf(route)
  const message = `The ${service} call waits: ${decision.reasons.join('; ')}. It goes on by itself once ${provider} is back.`
  // Whoever watches over health wakes it; the sweeper comes after an hour in case nobody did.
  throw new CallDeferred({ reason: 'provider_unhealthy', message, resumesAt: null, budget: null, provider })
}

function refuse(service: ServiceName, { decision }: Route): never {
  const code = decision.mode === 'mock' ? 'mode_refused' : 'provider_not_configured'
  throw new AppError(code, `The ${service} call was not made: ${decision.reasons.join('; ')}.`)
}
