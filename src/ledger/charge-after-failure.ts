import type { AppError, FailureCode } from '../contract/failure.ts'

/** What a failed call has most likely cost. */
export type Charge = 'none' | 'full' | 'unknown'

/** The provider has answered and charged, but its answer was of no use. */
const charged: readonly FailureCode[] = ['vector_invalid', 'provider_reply_malformed']
/** The provider has said no, or was never reached. */
const refused: readonly FailureCode[] = [
  'provider_rate_limited',
  'provider_refused',
  'provider_unavailable',
  'provider_not_configured',
  'provider_out_of_credits',
  'provider_key_refused',
  'document_too_large',
  'call_invalid',
  'call_unpriceable',
  'cassette_missing',
]

/**
 * What a call that failed so is booked as. A reply with an error status is not charged (OpenAI bills by the usage of successful
 * replies); where no reply came, nobody knows.
 */
export function chargeAfterFailure({ code }: AppError): Charge {
  if (charged.includes(code)) return 'full'
  return refused.includes(code) ? 'none' : 'unknown'
}
