import type { Provenance } from './provenance.ts'
import type { RouteWish } from './routing.ts'
import type { Service } from './service.ts'

/** The provider that takes a call, and what a result of it will say about its origin. */
export interface ChosenProvider<Input, Output, S extends Service<Input, Output> = Service<Input, Output>> {
  service: S
  provenance: Provenance
  /** Whether its calls cost money. */
  paid: boolean
}

/** On whose behalf is chosen. */
export interface RouteCaller {
  tenantId: string
  routing?: RouteWish
  /** In mode `hybrid`: who was planned for this part of the work, by the policy. */
  planned?: 'local' | 'paid'
  /** Nobody else is to step in: the work is there already, in a provisional form. */
  insists?: boolean
  /** The work has failed before: calls for such work are a bounded part of what a provider gets. */
  isRetry?: boolean
  /** Why pages that have been read already are read again, better; nobody else is to step in, and it takes no more of a quote than is left. */
  improves?: string
  /** For the log of decisions: the jobs that share the call, each with its document. */
  jobs?: readonly { jobId: string | null; documentId: string | null }[]
  pages?: string
}

/** What the choice depends on beside. `stuck`: a provider that did not finish the work in time. */
export interface ChoiceState {
  budgetExhausted?: boolean
  stuck?: string
}

export interface Chooser<Input, Output> {
  /** Whether some of its providers work calls off on their own. */
  takesJobs: boolean
  /** The provider of an earlier call, as it was routed then; null when it is not here any more. */
  serving(provenance: Provenance): ChosenProvider<Input, Output> | null
  /** Who takes it as things are wanted, healthy or not: for names and prices. Throws `provider_not_configured`. */
  expected(who: RouteCaller): ChosenProvider<Input, Output>
  /** The provider of the call that is made now. Throws `CallDeferred` when none can be had now, `provider_not_configured` when there is none. */
  choose(who: RouteCaller, input: Input): Promise<ChosenProvider<Input, Output>>
  /** Notes that a provider's job for an earlier choice has been fetched, and how long that took since it was handed over. */
  fetched(who: RouteCaller, provenance: Provenance, tookMs: number): void
  /** Who takes it instead of the one that was chosen; null: nobody. */
  instead(who: RouteCaller, input: Input, state: ChoiceState): Promise<ChosenProvider<Input, Output> | null>
}
