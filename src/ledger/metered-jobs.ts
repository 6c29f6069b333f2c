import { CallAwaited } from '../contract/deferral.ts'
import { AppError, asAppError } from '../contract/failure.ts'
import type { Booking, CallContext, MeteredResult } from '../contract/metered-service.ts'
import type { ChosenProvider } from '../contract/routed-service.ts'
import type { Collected, JobService, Quote, Submission } from '../contract/service.ts'
import { announceCall } from './announce-call.ts'
import { bookingOf } from './booking.ts'
import { endFailed } from './end-failed.ts'
import type { RemoteCall } from './remote-calls.sql.ts'
import { inDoubt } from './say-deferral.ts'
import { checkStopped, stopAfter } from './stopped-provider.ts'
import { type Call, type Hold, type MeteredOptions, nothing, partsOf, takeHold, whoOf } from './take-hold.ts'

type JobCall<Input, Output> = Call<Input, Output, JobService<Input, Output>>
/** Makes the call at another provider. */
type Otherwise<Input, Output> = (chosen: ChosenProvider<Input, Output>) => Promise<MeteredResult<Output>>

/** A provider may need this long until it finds a job that it has just created. */
const knownAfterMs = 60_000

/**
 * Makes a call that the provider works off on its own: the first time it hands the work over and throws `CallAwaited`; again, it
 * fetches the result, or throws `CallAwaited` once more. A job that passes its deadline is given up. Fails as the job did, with
 * `remote_job_lost`, `remote_job_stuck` or `remote_job_abandoned`, or as handing over did.
 */
export async function callJob<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: JobCall<Input, Output>,
  otherwise: Otherwise<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { input, context, signal, chosen } = call
  const remote = await findOwnRemote(options, context)
  if (remote) return await collectJob(options, call, remote, otherwise)
  await checkStopped(options.ledger, chosen.provenance.provider)
  const quote = await chosen.service.quote(input, { signal })
  if (quote === null)
    throw new AppError('call_unpriceable', `What the ${options.service} call costs cannot be said before it is made.`)
  const hold = await holdFor(options, call, quote)
  if (hold.kind === 'other_provider') return await otherwise(hold.chosen)
  if (hold.kind === 'found') return hold.result
  await options.ledger.dispatch(context.tenantId, hold.callId)
  announceCall('dispatched', options.service)
  const submission = await submit(options, call, hold.callId, quote)
  throw await handOver(options, call, hold.callId, submission)
}

/** The provider's job that is at work for this one. */
export async function findOwnRemote<Input, Output>(
  { ledger, service }: Pick<MeteredOptions<Input, Output>, 'ledger' | 'service'>,
  { tenantId, items, shares }: CallContext,
): Promise<RemoteCall | null> {
  const jobIds = shares.flatMap(({ jobId }) => (jobId === null ? [] : [jobId]))
  const kind = items[0]?.split('/')[0] ?? ''
  return await ledger.findRemote(tenantId, { service, kind, items, jobIds })
}

async function submit<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: JobCall<Input, Output>,
  callId: string,
  quote: Quote,
): Promise<Submission> {
  const { input, signal, chosen } = call
  try {
    const submission = await chosen.service.jobs.submit(input, { signal, callId, quote })
    announceCall('answered', options.service)
    return submission
  } catch (error) {
    const failure = asAppError(error)
    const parts = partsOf(options, call, callId, true)
    const told = await endFailed(options.ledger, parts, quote, failure, { signal, mayCharge: true, canAsk: true })
    throw await stopAfter(options.ledger, call.context.tenantId, chosen.provenance.provider, told)
  }
}

/** Notes the provider's job, and gives what says that it is waited for. */
async function handOver<Input, Output>(
  options: MeteredOptions<Input, Output>,
  { context, chosen }: JobCall<Input, Output>,
  callId: string,
  submission: Submission,
): Promise<AppError> {
  const { tenantId } = context
  const lookInMs = chosen.service.jobs.lookAgainMs(0)
  const deadlineAt = await options.ledger.noteSubmission({ tenantId, callId }, { ...submission, lookInMs })
  if (deadlineAt === null) throw new AppError('internal_error', `The hold of call ${callId} ended while it was made.`)
  announceCall('submitted', options.service)
  return awaited({ callId, deadlineAt, remoteId: submission.remoteId }, chosen.provenance)
}

function awaited(
  { callId, deadlineAt, remoteId }: Pick<RemoteCall, 'callId' | 'deadlineAt' | 'remoteId'>,
  { provider, model, simulated }: { provider: string; model: string; simulated: boolean },
  problem?: AppError,
): CallAwaited {
  const who = `${provider}${simulated ? ' (simulated)' : ''}, ${model}`
  const last = problem ? ` Its last answer was no use: ${problem.message}` : ''
  const until = `It is given up at ${deadlineAt.toISOString()}.`
  return new CallAwaited({ callId, deadlineAt, message: `${who}, is at work on it as ${remoteId}. ${until}${last}` })
}

async function collectJob<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: JobCall<Input, Output>,
  remote: RemoteCall,
  otherwise: Otherwise<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { collected, problem } = await ask(call, remote)
  announceCall('collected', options.service)
  if (collected.kind === 'running') {
    if (remote.overdue) return await giveUp(options, call, remote, otherwise)
    await options.ledger.awaitAgain(remote, call.chosen.service.jobs.lookAgainMs(remote.looks))
    throw awaited(remote, remote.provenance, problem)
  }
  // Those who asked for it may be others than those who fetch it.
  const shares = await options.ledger.sharesOf(remote.callId)
  const context = { ...call.context, shares: shares.length > 0 ? shares : call.context.shares }
  return await endJob(options, { ...call, context }, remote, collected, otherwise)
}

/** What became of the job; where the provider does not answer properly, it counts as running. */
async function ask<Input, Output>(
  { input, signal, chosen }: JobCall<Input, Output>,
  remote: RemoteCall,
): Promise<{ collected: Collected<Output>; problem?: AppError }> {
  try {
    const collected = await chosen.service.jobs.collect(remote.remoteId, input, { signal })
    const isYoung = Date.now() - remote.submittedAt.getTime() < knownAfterMs
    if (collected.kind === 'gone' && isYoung && !remote.provenance.simulated) return { collected: { kind: 'running' } }
    return { collected }
  } catch (error) {
    signal.throwIfAborted()
    return { collected: { kind: 'running' }, problem: asAppError(error) }
  }
}

async function endJob<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: JobCall<Input, Output>,
  remote: RemoteCall,
  collected: Exclude<Collected<Output>, { kind: 'running' }>,
  otherwise: Otherwise<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { input, chosen } = call
  const { provenance } = remote
  if (collected.kind === 'done') {
    const booking = bookingFor(options, call, remote, collected.usage)
    const { output, workedMs } = collected
    const variant = chosen.service.variant(input)
    return { output, provenance, variant, booking, ...(workedMs !== undefined && { workedMs }) }
  }
  if (collected.kind === 'failed') {
    const { error } = collected
    await options.ledger.endUnstored(
      bookingFor(options, call, remote, collected.usage),
      `${error.code}: ${error.message}`,
    )
    throw error
  }
  const note = `${provenance.provider} does not know job ${remote.remoteId} any more`
  // A simulator forgets its jobs when its process ends; nothing was charged there.
  await options.ledger.endUnstored(bookingFor(options, call, remote, provenance.simulated ? nothing : null), note)
  if (provenance.simulated) return await callJob(options, call, otherwise)
  throw new AppError('remote_job_lost', `${note}; its result cannot be fetched.`)
}

/** Stops a job that has passed its deadline; if it has ended just then, its result counts. */
async function giveUp<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: JobCall<Input, Output>,
  remote: RemoteCall,
  otherwise: Otherwise<Input, Output>,
): Promise<MeteredResult<Output>> {
  const { chosen, signal } = call
  const { jobs } = chosen.service
  const { provider } = remote.provenance
  await jobs.cancel(remote.remoteId, { signal }).catch(() => signal.throwIfAborted())
  const { collected, problem } = await ask(call, remote)
  if (collected.kind === 'done') return await endJob(options, call, remote, collected, otherwise)
  const message = `${provider} did not finish job ${remote.remoteId} by ${remote.deadlineAt.toISOString()}, so it was given up.`
  const usage = collected.kind === 'failed' ? collected.usage : null
  await options.ledger.endUnstored(bookingFor(options, call, remote, usage), message)
  const subject = { provider, callId: remote.callId, remoteId: remote.remoteId }
  await options.ledger.alert(call.context.tenantId, 'call_stuck', remote.callId, subject)
  const other =
    jobs.whenStuck === 'fallback'
      ? await options.chooser.instead(whoOf(call.context), call.input, { stuck: provider })
      : null
  if (other !== null) return await otherwise(other)
  const code = jobs.whenStuck === 'retry' ? 'remote_job_stuck' : 'remote_job_abandoned'
  throw new AppError(code, message, problem ? { cause: problem } : {})
}

/** Without a usage the provider has not said yet what the job cost: its hold stays until then. */
function bookingFor<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: JobCall<Input, Output>,
  { callId, quote, provenance }: RemoteCall,
  usage: Quote | null,
): Booking {
  const parts = { ...partsOf(options, call, callId, true), provenance }
  const booking = bookingOf(parts, usage ?? nothing, { quote })
  return usage === null ? { ...booking, remote: 'billing', entries: [] } : { ...booking, remote: 'settled' }
}

/** Where a call for the same is in doubt, its provider is asked whether it has a job of it. */
async function holdFor<Input, Output>(
  options: MeteredOptions<Input, Output>,
  call: JobCall<Input, Output>,
  quote: Quote,
): Promise<Hold<Input, Output>> {
  const { chosen, context, signal } = call
  const { ledger, service } = options
  return await takeHold(options, call, quote, async (callIds, doubtful) => {
    const dispatchedAt = callIds.length === 1 ? await ledger.dispatchedAt(context.tenantId, doubtful) : null
    if (dispatchedAt === null) throw inDoubt(service, doubtful, false)
    const found = await chosen.service.jobs.find(doubtful, dispatchedAt, { signal }).catch(() => {
      signal.throwIfAborted()
      return 'unknown' as const // the provider could not be asked now
    })
    if (found === 'unknown') throw inDoubt(service, doubtful, true)
    if (found !== 'none') throw await handOver(options, call, doubtful, found)
    const parts = partsOf(options, call, doubtful, true)
    await ledger.endUnstored(bookingOf(parts, nothing, { quote: nothing }), 'the provider has no job of it')
    return await holdFor(options, call, quote)
  })
}
