import type { Provenance } from './provenance.ts'
import type { Service } from './service.ts'

/** The provider that takes a call, and what a result of it will say about its origin. */
export interface ChosenProvider<Input, Output, S extends Service<Input, Output> = Service<Input, Output>> {
  service: S
  provenance: Provenance
  /** Whether its calls cost money. */
  paid: boolean
}

/** What the choice depends on beside the mode. `stuck`: a provider that did not finish the work in time. */
export interface ChoiceState {
  budgetExhausted?: boolean
  stuck?: string
}

/** Chooses the provider of the next call. Throws `provider_not_configured` when there is none. */
export type ChooseProvider<Input, Output> = (state?: ChoiceState) => ChosenProvider<Input, Output>
