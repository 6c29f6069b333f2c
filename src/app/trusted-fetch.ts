import { carryingTraceparent } from '../platform/trace-scope.ts'
import type { Configuration } from './settings.ts'

type Send = (request: Request) => Promise<Response>

/** What real clients of a provider send through; empty: the network, as it is. Only providers that are named in SLUICE_TRACE_PROVIDERS learn of traces. */
export function fetchFor(
  { traceProviders }: Pick<Configuration, 'traceProviders'>,
  provider: string,
  recorded: Send | undefined,
): { fetch?: Send } {
  if (traceProviders.includes(provider)) return { fetch: carryingTraceparent(recorded ?? (request => fetch(request))) }
  return recorded ? { fetch: recorded } : {}
}
