import { channel } from 'node:diagnostics_channel'
import type { ServiceName } from '../contract/provenance.ts'

/**
 * The moments of a call that has a hold, in their order; the process may die between any two of them. Only calls that a provider
 * works off on its own are `submitted` (its job is noted), and `collected` later.
 */
export type CallMoment = 'held' | 'dispatched' | 'answered' | 'submitted' | 'collected'

const calls = channel('sluice:calls')

/** Tells who listens on the diagnostics channel `sluice:calls` (metrics, crash tests) how far a call is. */
export function announceCall(moment: CallMoment, service: ServiceName): void {
  if (calls.hasSubscribers) calls.publish({ moment, service })
}
