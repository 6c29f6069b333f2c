import type { AppError } from '../contract/failure.ts'
import { asAppError } from '../contract/failure.ts'
import type { CallContext, MeteredResult, MeteredService } from '../contract/metered-service.ts'
import type { ServiceName } from '../contract/provenance.ts'
import type { ChooseProvider, ChosenProvider } from '../contract/routed-service.ts'
import type { Quote, Usage } from '../contract/service.ts'
import { announceCall } from './announce-call.ts'
import { type BookingParts, bookingOf } from './booking.ts'
import { chargeAfterFailure } from './charge-after-failure.ts'
import type { Ledger } from './ledger.ts'
import { exhaustedPolicy, inDoubt, inProgress, overBudget, refusedByBudget } from './say-deferral.ts'

/** What metering a service takes; `newId` gives UUIDs. */
export interface MeteredOptions<Input, Output> {
  service: ServiceName
  choose: ChooseProvider<Input, Output>
  ledger: Ledger
  newId(): string
}

interface Call<Input, Output> {
  input: Input
  context: CallContext
  signal: AbortSignal
  chosen: ChosenProvider<Input, Output>
}

/**
 * Takes each call's quote out of the budgets before it is made, and gives with the result what has to be booked in the
 * transaction that stores it. A call that fails ends its hold: at nothing when the provider refused it, in full when the answer
 * was unusable, and not at all when nobody knows (it is in doubt then, and never sent again by itself).
 * A call that costs nothing and that no budget counts needs no hold. Throws `CallDeferred` or `budget_exhausted`.
 */
export function metered<Input, Output>(options: MeteredOptions<Input, Output>): MeteredService<Input, Output> {
  const { service, choose, newId } = options
  return {
    async call(input, context, { signal }) {
      const call = { input, context, signal, chosen: choose({ budgetExhausted: false }) }
      return await makeCall(options, call)
    },
    price: units => choose({ budgetExhausted: false }).service.price(units),
    avoided(units, context) {
      const { service: provider, provenance } = choose({ budgetExhausted: false })
      const parts = { service, context, provenance, callId: newId(), held: false, newId }
      return bookingOf(parts, provider.price(units), { kind: 'avoided' })
    },
  }
}

async function makeCall<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: Call<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { input, context, signal, chosen } = call
  const quote = chosen.service.quote(input)
  if (quote === null) return await callThenHold(options, call)
  if (!(await options.ledger.needsHold(context.tenantId, options.service, quote)))
    return await callWithoutHold(options, call)
  const hold = await takeHold(options, call, quote)
  if (hold.kind === 'other_provider') return await makeCall(options, { ...call, chosen: hold.chosen })
  if (hold.kind === 'found') return hold.result
  const parts = partsOf(options, call, hold.callId, true)
  await options.ledger.dispatch(context.tenantId, hold.callId)
  announceCall('dispatched', options.service)
  try {
    const { output, usage } = await chosen.service.call(input, { signal, callId: hold.callId })
    announceCall('answered', options.service)
    return { output, provenance: chosen.provenance, booking: bookingOf(parts, usage, { quote }) }
  } catch (error) {
    throw await endFailed(options.ledger, parts, quote, error, { signal, chosen })
  }
}

/** For free providers that know only afterwards what there was to do: e.g. pages that were parsed on this machine. */
async function callThenHold<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: Call<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { input, context, signal, chosen } = call
  const { output, usage } = await chosen.service.call(input, { signal })
  const needsHold = await options.ledger.needsHold(context.tenantId, options.service, usage)
  const hold = needsHold ? await takeHold(options, call, usage) : null
  const callId = hold?.kind === 'held' ? hold.callId : options.newId()
  const parts = partsOf(options, call, callId, hold?.kind === 'held')
  return { output, provenance: chosen.provenance, booking: bookingOf(parts, usage, { quote: usage }) }
}

async function callWithoutHold<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: Call<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { output, usage } = await call.chosen.service.call(call.input, { signal: call.signal })
  const parts = partsOf(options, call, options.newId(), false)
  return { output, provenance: call.chosen.provenance, booking: bookingOf(parts, usage, { quote: usage }) }
}

type Hold<Input, Output> =
  | { kind: 'held'; callId: string }
  | { kind: 'found'; result: MeteredResult<Output> }
  | { kind: 'other_provider'; chosen: ChosenProvider<Input, Output> }

async function takeHold<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: Call<Input, Output>,
  quote: Quote,
): Promise<Hold<Input, Output>> {
  const { context, chosen } = call
  const callId = options.newId()
  const parts = partsOf(options, call, callId, true)
  const reservation = await options.ledger.reserve(parts, quote, chosen.paid ? context.items : [])
  if (reservation.kind === 'held') {
    announceCall('held', options.service)
    return { kind: 'held', callId }
  }
  if (reservation.kind === 'busy') return await lookIntoDoubt(options, call, quote, reservation.items)
  const policy = exhaustedPolicy(reservation.budgets)
  if (policy === 'reject') throw refusedByBudget(options.service, reservation.budgets)
  const other = policy === 'fallback' ? options.choose({ budgetExhausted: true }) : null
  if (other !== null && !other.paid && chosen.paid) return { kind: 'other_provider', chosen: other }
  throw overBudget(options.service, reservation.budgets)
}

/** Somebody has paid, or may have paid, for the same: if that one call is in doubt and the provider can tell, it is asked. */
async function lookIntoDoubt<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: Call<Input, Output>,
  quote: Quote,
  items: readonly { callId: string; inDoubt: boolean }[],
): Promise<Hold<Input, Output>> {
  const { chosen, input, signal } = call
  const [callId, ...others] = new Set(items.map(item => item.callId))
  const doubtful = items.find(item => item.inDoubt)
  if (!doubtful || callId === undefined) throw inProgress(options.service)
  const found = others.length === 0 ? await chosen.service.find?.(input, callId, { signal }) : undefined
  if (found === undefined || found === 'unknown') throw inDoubt(options.service, doubtful.callId, found === 'unknown')
  const parts = partsOf(options, call, callId, true)
  if (found === 'not_charged') {
    await options.ledger.endUnstored(
      bookingOf(parts, nothing, { quote: nothing }),
      'the provider does not know the call',
    )
    return await takeHold(options, call, quote)
  }
  const booking = bookingOf(parts, found.usage, { quote })
  return { kind: 'found', result: { output: found.output, provenance: chosen.provenance, booking } }
}

const nothing: Usage = { units: 0, costNanoUsd: 0n, shadowNanoUsd: 0n }

/** Ends or keeps the hold of a failed call, and gives what the caller is told. */
async function endFailed(
  ledger: Ledger,
  parts: BookingParts,
  quote: Quote,
  error: unknown,
  { signal, chosen }: { signal: AbortSignal; chosen: Pick<ChosenProvider<unknown, unknown>, 'paid' | 'service'> },
): Promise<AppError> {
  const failure = asAppError(error)
  const charge = !chosen.paid ? 'none' : signal.aborted ? 'unknown' : chargeAfterFailure(failure)
  if (charge === 'unknown') {
    await ledger.markUnknown(parts.context.tenantId, parts.callId, failure.message)
    return signal.aborted ? failure : inDoubt(parts.service, parts.callId, chosen.service.find !== undefined)
  }
  const usage = charge === 'full' ? quote : nothing
  await ledger.endUnstored(bookingOf(parts, usage, { quote }), `${failure.code}: ${failure.message}`)
  return failure
}

function partsOf<Input, Output>(
  { service, newId }: MeteredOptions<Input, Output>,
  { context, chosen }: Call<Input, Output>,
  callId: string,
  held: boolean,
): BookingParts {
  return { service, context, provenance: chosen.provenance, callId, held, newId }
}
