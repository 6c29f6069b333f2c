import type { Service } from '../contract/service.ts'
import type { Candidate } from '../router/decide-route.ts'

/** One that could take calls of a service; the router chooses among them. */
export type Provider<Input, Output> = Candidate & { service: Service<Input, Output> }
