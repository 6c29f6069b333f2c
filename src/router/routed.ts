import { AppError } from '../contract/failure.ts'
import type { Mode, Provenance, ServiceName } from '../contract/provenance.ts'
import type { Service, ServiceResult } from '../contract/service.ts'
import { type Candidate, decideRoute } from './decide-route.ts'

export interface RoutedService<Input, Output> {
  call(input: Input, options: { signal: AbortSignal }): Promise<ServiceResult<Output> & { provenance: Provenance }>
}

/** Sends each call to the provider that `decideRoute` chooses under the mode of that moment. */
export function routed<Input, Output>(
  service: ServiceName,
  providers: readonly (Candidate & { service: Service<Input, Output> })[],
  mode: () => Mode,
): RoutedService<Input, Output> {
  const candidates = providers.map(({ service: _, ...candidate }) => candidate)
  return {
    async call(input, options) {
      const route = decideRoute(service, mode(), candidates)
      const chosen = route.kind === 'call' ? providers[route.candidate] : undefined
      if (route.kind === 'refuse' || !chosen) {
        throw new AppError(
          'provider_not_configured',
          `The ${service} call was not made: ${route.kind === 'refuse' ? route.reasons.join('; ') : 'no provider'}.`,
        )
      }
      return { ...(await chosen.service.call(input, options)), provenance: route.provenance }
    },
  }
}
