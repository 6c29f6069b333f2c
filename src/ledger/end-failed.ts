import type { AppError } from '../contract/failure.ts'
import type { Quote } from '../contract/service.ts'
import { type BookingParts, bookingOf } from './booking.ts'
import { chargeAfterFailure } from './charge-after-failure.ts'
import type { Ledger } from './ledger.ts'
import { inDoubt } from './say-deferral.ts'
import { nothing } from './take-hold.ts'

/** Ends or keeps the hold of a failed call, and gives what the caller is told. `canAsk`: the provider can tell what became of it. */
export async function endFailed(
  ledger: Ledger,
  parts: BookingParts,
  quote: Quote,
  failure: AppError,
  { signal, mayCharge, canAsk }: { signal: AbortSignal; mayCharge: boolean; canAsk: boolean },
): Promise<AppError> {
  const charge = !mayCharge ? 'none' : signal.aborted ? 'unknown' : chargeAfterFailure(failure)
  if (charge === 'unknown') {
    await ledger.markUnknown(parts.context.tenantId, parts.callId, failure.message)
    return signal.aborted ? failure : inDoubt(parts.service, parts.callId, canAsk)
  }
  const usage = charge === 'full' ? quote : nothing
  await ledger.endUnstored(bookingOf(parts, usage, { quote }), `${failure.code}: ${failure.message}`)
  return failure
}
