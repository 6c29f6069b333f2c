import type { Resolution } from '../contract/call.ts'
import { AppError } from '../contract/failure.ts'
import type { Usage } from '../contract/service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { bookCalls } from './book-calls.sql.ts'
import { bookingOf } from './booking.ts'
import { type CallToEnd, readCallToEnd } from './read-calls.sql.ts'

/**
 * Ends a call in doubt by what somebody has found out: charged, so that its money is spent although its result is lost, or not
 * charged. Its work may be done again then, as a new call. Throws `call_not_found` or `call_state_conflict`.
 */
export async function resolveCall(
  session: Session<Tables>,
  callId: string,
  resolution: Resolution,
  newId: () => string,
): Promise<CallToEnd> {
  const call = await readCallToEnd(session, callId)
  if (!call) throw new AppError('call_not_found', `There is no call ${callId}.`)
  if (call.state !== 'unknown')
    throw new AppError('call_state_conflict', `Call ${callId} is ${call.state}, not in doubt.`)
  const { service, provenance, costNanoUsd, shadowNanoUsd, units } = call
  const quote = { units: Number(units), costNanoUsd, shadowNanoUsd }
  const parts = { service, context: call, provenance, callId, held: true, newId }
  const note = `resolved as ${resolution.outcome}${resolution.reason ? `: ${resolution.reason}` : ''}`
  await bookCalls(session, [bookingOf(parts, usageOf(resolution, quote), { quote })], note)
  return call
}

function usageOf({ outcome, costNanoUsd }: Resolution, quote: Usage): Usage {
  if (outcome === 'not_charged') return { units: 0, costNanoUsd: 0n, shadowNanoUsd: 0n }
  return costNanoUsd === undefined ? quote : { ...quote, costNanoUsd: BigInt(costNanoUsd) }
}
