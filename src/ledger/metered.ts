import { asAppError } from '../contract/failure.ts'
import type { MeteredResult, MeteredService } from '../contract/metered-service.ts'
import type { DirectService, JobService, Quote } from '../contract/service.ts'
import { announceCall } from './announce-call.ts'
import { bookingOf } from './booking.ts'
import { endFailed } from './end-failed.ts'
import { callJob, findOwnRemote } from './metered-jobs.ts'
import { inDoubt } from './say-deferral.ts'
import { checkStopped, stopAfter } from './stopped-provider.ts'
import { type Call, type Hold, type MeteredOptions, nothing, partsOf, takeHold, whoOf } from './take-hold.ts'

/**
 * Takes each call's quote out of the budgets before it is made, and gives with the result what has to be booked in the
 * transaction that stores it. A call that fails ends its hold: at nothing when the provider refused it, in full when the answer
 * was unusable, and not at all when nobody knows (it is in doubt then, and never sent again by itself).
 * A call that costs nothing and that no budget counts needs no hold, unless it is a job of which a note must be kept. Throws
 * `CallDeferred`, `CallAwaited` or `budget_exhausted`.
 */
export function metered<Input, Output>(options: MeteredOptions<Input, Output>): MeteredService<Input, Output> {
  const { service, chooser, newId } = options
  return {
    async call(input, context, { signal, already }) {
      // What is under way ends as it was routed, whatever the mode is by now.
      const remote = chooser.takesJobs && !already ? await findOwnRemote(options, context) : null
      const chosen = (remote && chooser.serving(remote.provenance)) ?? (await chooser.choose(whoOf(context), input))
      const result = await makeCall(options, { input, context, signal, chosen, ...(already && { already }) })
      if (remote) {
        // Until it is noticed that a job has ended, it is not the provider's time any more.
        const noticedMs = (remote.endedAt ?? new Date()).getTime() - remote.submittedAt.getTime()
        chooser.fetched(whoOf(context), result.provenance, Math.min(result.workedMs ?? noticedMs, noticedMs))
      }
      return result
    },
    variant: (input, who) => chooser.expected(who).service.variant(input),
    quote: async (input, who, { signal }) => await chooser.expected(who).service.quote(input, { signal }),
    price: (units, who, model) => chooser.expected(who).service.price(units, model),
    avoided(units, context) {
      const { service: provider, provenance } = chooser.expected(context)
      const parts = { service, context, provenance, callId: newId(), held: false, newId }
      return bookingOf(parts, provider.price(units), { kind: 'avoided' })
    },
  }
}

type DirectCall<Input, Output> = Call<Input, Output, DirectService<Input, Output>>

async function makeCall<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: Call<Input, Output>,
): Promise<MeteredResult<Output>> {
  if (isJobCall(call)) return await callJob(options, call, chosen => makeCall(options, { ...call, chosen }))
  return await callDirectly(options, call as DirectCall<Input, Output>)
}

function isJobCall<Input, Output>(
  call: Call<Input, Output>,
): call is Call<Input, Output, JobService<Input, Output>> & Call<Input, Output> {
  return 'jobs' in call.chosen.service
}

async function callDirectly<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: DirectCall<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { input, context, signal, chosen } = call
  const quote = await chosen.service.quote(input, { signal })
  if (quote === null) return await callThenHold(options, call)
  await checkStopped(options.ledger, chosen.provenance.provider)
  if (!(await options.ledger.needsHold(context.tenantId, options.service, quote)))
    return await callWithoutHold(options, call)
  const hold = await holdFor(options, call, quote)
  if (hold.kind === 'other_provider') return await makeCall(options, { ...call, chosen: hold.chosen })
  if (hold.kind === 'found') return hold.result
  const parts = partsOf(options, call, hold.callId, true)
  await options.ledger.dispatch(context.tenantId, hold.callId)
  announceCall('dispatched', options.service)
  try {
    const { output, usage } = await chosen.service.call(input, { signal, callId: hold.callId })
    announceCall('answered', options.service)
    return { ...resultOf(call, output), booking: bookingOf(parts, usage, { quote }) }
  } catch (error) {
    const canAsk = chosen.service.find !== undefined
    const how = { signal, mayCharge: chosen.paid, canAsk }
    const told = await endFailed(options.ledger, parts, quote, asAppError(error), how)
    throw await stopAfter(options.ledger, context.tenantId, chosen.provenance.provider, told)
  }
}

/** For free providers that know only afterwards what there was to do: e.g. pages that were parsed on this machine. */
async function callThenHold<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: DirectCall<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { input, context, signal, chosen } = call
  const { output, usage } = call.already ?? (await chosen.service.call(input, { signal }))
  const needsHold = await options.ledger.needsHold(context.tenantId, options.service, usage)
  const hold = needsHold ? await holdFor(options, call, usage) : null
  const callId = hold?.kind === 'held' ? hold.callId : options.newId()
  const parts = partsOf(options, call, callId, hold?.kind === 'held')
  return { ...resultOf(call, output), booking: bookingOf(parts, usage, { quote: usage }) }
}

async function callWithoutHold<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: DirectCall<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { chosen, context } = call
  const { output, usage } = await chosen.service
    .call(call.input, { signal: call.signal })
    .catch(async (error: unknown) => {
      throw await stopAfter(options.ledger, context.tenantId, chosen.provenance.provider, asAppError(error))
    })
  const parts = partsOf(options, call, options.newId(), false)
  return { ...resultOf(call, output), booking: bookingOf(parts, usage, { quote: usage }) }
}

/** Somebody has paid, or may have paid, for the same: if that one call is in doubt and the provider can tell, it is asked. */
async function holdFor<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: DirectCall<Input, Output>,
  quote: Quote,
): Promise<Hold<Input, Output>> {
  const { chosen, input, signal } = call
  return await takeHold(options, call, quote, async (callIds, doubtful) => {
    const [callId] = callIds
    const only = callIds.length === 1 ? callId : undefined
    const found = only === undefined ? undefined : await chosen.service.find?.(input, only, { signal })
    if (only === undefined || found === undefined || found === 'unknown')
      throw inDoubt(options.service, doubtful, found === 'unknown')
    const parts = partsOf(options, call, only, true)
    if (found !== 'not_charged')
      return {
        kind: 'found',
        result: { ...resultOf(call, found.output), booking: bookingOf(parts, found.usage, { quote }) },
      }
    const note = 'the provider does not know the call'
    await options.ledger.endUnstored(bookingOf(parts, nothing, { quote: nothing }), note)
    return await holdFor(options, call, quote)
  })
}

function resultOf<Input, Output>({ input, chosen }: DirectCall<Input, Output>, output: Output) {
  return { output, provenance: chosen.provenance, variant: chosen.service.variant(input) }
}
