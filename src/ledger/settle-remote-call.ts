import type { Usage } from '../contract/service.ts'
import type { Tables } from '../contract/tables.ts'
import type { Session } from '../platform/database.ts'
import { bookCalls } from './book-calls.sql.ts'
import { bookingOf } from './booking.ts'
import { readCallToEnd } from './read-calls.sql.ts'
import type { CallKey } from './remote-calls.sql.ts'

/** Ends the hold of a call whose result was stored, or given up, before its provider said what it cost. */
export async function settleRemoteCall(
  session: Session<Tables>,
  { callId }: CallKey,
  usage: Usage,
  newId: () => string,
): Promise<void> {
  const call = await readCallToEnd(session, callId)
  if (!call) return
  const { service, provenance, costNanoUsd, shadowNanoUsd, units } = call
  const quote = { units: Number(units), costNanoUsd, shadowNanoUsd }
  const parts = { service, context: call, provenance, callId, held: true, newId }
  await bookCalls(session, [{ ...bookingOf(parts, usage, { quote }), remote: 'settled' }])
}
