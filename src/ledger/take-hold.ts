import type { CallContext, MeteredResult } from '../contract/metered-service.ts'
import type { ServiceName } from '../contract/provenance.ts'
import type { Chooser, ChosenProvider, RouteCaller } from '../contract/routed-service.ts'
import type { Quote, Service, ServiceResult, Usage } from '../contract/service.ts'
import { announceCall } from './announce-call.ts'
import { type BookingParts, bookingOf } from './booking.ts'
import type { Ledger } from './ledger.ts'
import { beyondQuote, exhaustedPolicy, inProgress, overBudget, refusedByBudget } from './say-deferral.ts'

/** What metering a service takes; `newId` gives UUIDs. */
export interface MeteredOptions<Input, Output> {
  service: ServiceName
  chooser: Chooser<Input, Output>
  ledger: Ledger
  newId(): string
}

export interface Call<Input, Output, S extends Service<Input, Output> = Service<Input, Output>> {
  input: Input
  context: CallContext
  signal: AbortSignal
  chosen: ChosenProvider<Input, Output, S>
  /** What a provider that costs nothing has given before. */
  already?: ServiceResult<Output>
}

/** `found`: an earlier call has the result. `other_provider`: the budget says that another provider takes it. */
export type Hold<Input, Output> =
  | { kind: 'held'; callId: string }
  | { kind: 'found'; result: MeteredResult<Output> }
  | { kind: 'other_provider'; chosen: ChosenProvider<Input, Output> }

export const nothing: Usage = { units: 0, costNanoUsd: 0n, shadowNanoUsd: 0n }

/**
 * Takes the quote out of the budgets. Where another call that is in doubt is buying the same, `lookIntoDoubt` says what became of it.
 * Throws `CallDeferred` or `budget_exhausted`.
 */
export async function takeHold<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: Call<Input, Output>,
  quote: Quote,
  lookIntoDoubt: (callIds: readonly string[], doubtful: string) => Promise<Hold<Input, Output>>,
): Promise<Hold<Input, Output>> {
  const { context, chosen } = call
  const callId = options.newId()
  const isNamed = chosen.paid || 'jobs' in chosen.service
  const parts = partsOf(options, call, callId, true)
  const withinQuote = context.improves !== undefined && context.quoteId !== null
  const reservation = await options.ledger.reserve(parts, quote, isNamed ? context.items : [], { withinQuote })
  if (reservation.kind === 'held') {
    announceCall('held', options.service)
    if (isNamed && (await context.bought?.())) {
      await options.ledger.endUnstored(bookingOf(parts, nothing, { quote: nothing }), 'it has been bought meanwhile')
      throw inProgress(options.service)
    }
    return { kind: 'held', callId }
  }
  if (reservation.kind === 'beyond_quote') throw beyondQuote(options.service, quote.costNanoUsd, reservation)
  if (reservation.kind === 'busy') {
    const doubtful = reservation.items.find(item => item.inDoubt)
    if (!doubtful) throw inProgress(options.service)
    return await lookIntoDoubt([...new Set(reservation.items.map(item => item.callId))], doubtful.callId)
  }
  const policy = exhaustedPolicy(reservation.budgets)
  if (policy === 'reject') throw refusedByBudget(options.service, reservation.budgets)
  const other = await options.chooser.instead(whoOf(context), call.input, { budgetExhausted: true })
  if (other !== null && !other.paid && chosen.paid) return { kind: 'other_provider', chosen: other }
  throw overBudget(options.service, reservation.budgets)
}

export function whoOf(context: CallContext): RouteCaller {
  return { ...context, jobs: context.shares.map(({ jobId, documentId }) => ({ jobId, documentId })) }
}

export function partsOf<Input, Output>(
  { service, newId }: MeteredOptions<Input, Output>,
  { context, chosen }: Pick<Call<Input, Output>, 'context' | 'chosen'>,
  callId: string,
  held: boolean,
): BookingParts {
  return { service, context, provenance: chosen.provenance, callId, held, newId }
}
