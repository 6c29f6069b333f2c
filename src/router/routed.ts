import { AppError } from '../contract/failure.ts'
import type { Mode, ServiceName } from '../contract/provenance.ts'
import type { ChooseProvider } from '../contract/routed-service.ts'
import type { Service } from '../contract/service.ts'
import { type Candidate, decideRoute } from './decide-route.ts'

/** Chooses for each call the provider that `decideRoute` names under the mode of that moment. */
export function routed<Input, Output>(
  service: ServiceName,
  providers: readonly (Candidate & { service: Service<Input, Output> })[],
  mode: () => Mode,
): ChooseProvider<Input, Output> {
  const candidates = providers.map(({ service: _, ...candidate }) => candidate)
  return state => {
    const route = decideRoute(service, mode(), candidates, state)
    const chosen = route.kind === 'call' ? providers[route.candidate] : undefined
    if (route.kind === 'refuse' || !chosen) {
      const reasons = route.kind === 'refuse' ? route.reasons.join('; ') : 'no provider'
      throw new AppError('provider_not_configured', `The ${service} call was not made: ${reasons}.`)
    }
    return { service: chosen.service, provenance: route.provenance, paid: chosen.paid }
  }
}
