import type { Provenance } from './provenance.ts'
import type { Service } from './service.ts'

/** The provider that takes a call, and what a result of it will say about its origin. */
export interface ChosenProvider<Input, Output> {
  service: Service<Input, Output>
  provenance: Provenance
  /** Whether its calls cost money. */
  paid: boolean
}

/** Chooses the provider of the next call. Throws `provider_not_configured` when there is none. */
export type ChooseProvider<Input, Output> = (state: { budgetExhausted: boolean }) => ChosenProvider<Input, Output>
