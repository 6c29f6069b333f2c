import { z } from 'zod'
import { AppError } from './failure.ts'
import type { NanoUsd } from './money.ts'
import type { ServiceName } from './provenance.ts'

/**
 * What one provider reports for one UTC day (e.g. `2026-11-23`), operation and model. `units` are tokens or pages. `model` is null
 * where the report does not name it, `costNanoUsd` while the report says nothing of money.
 */
export interface UsageLine {
  day: string
  provider: string
  operation: ServiceName
  model: string | null
  units: bigint
  costNanoUsd: NanoUsd | null
  calls: number
}

/** `to` is the first moment after it. */
export interface UsagePeriod {
  from: Date
  to: Date
}

/**
 * Reads a provider's own report. A UTC day that the period touches is reported as a whole. Fails with `provider_refused`,
 * `provider_rate_limited`, `provider_unavailable` or `provider_reply_malformed`; an aborted call rejects with the signal's reason.
 */
export interface UsageReader {
  provider: string
  read(period: UsagePeriod, options: { signal: AbortSignal }): Promise<UsageLine[]>
}

/** A number of a reply as its decimal text. Its exponent is limited, so that no reply can ask for gigabytes of digits. */
export const decimalText = z
  .string()
  .max(1000)
  .regex(/^-?\d+(\.\d+)?([eE](\+?\d{1,2}|-\d{1,5}))?$/, 'not a number of sensible size')

const fine = 10n ** 30n
/** A number of a reply that counts something, also when it is written as `12.0`. */
export const wholeNumber = decimalText.transform((text, context) => {
  const count = scaleDecimal(text, 1n)
  if (count >= 0n && scaleDecimal(text, fine) === count * fine) return count
  context.addIssue('not a whole number ≥ 0')
  return z.NEVER
})

/**
 * The body of a report, with every number as the decimal text that was sent: amounts come as JSON floats (or as strings), and must
 * not pass through a float. Fails with `provider_reply_malformed`; `call` names the call in the message.
 */
export function readUsageReply<Schema extends z.ZodType>(body: string, schema: Schema, call: string): z.output<Schema> {
  let json: unknown
  try {
    json = parseJson(body, (_, value, { source }) => (typeof value === 'number' ? source : value))
  } catch {
    // The parser's message quotes the body, so it is not kept as the cause.
    throw malformedUsage(call, `with ${body.length} characters that are not JSON`)
  }
  const reply = schema.safeParse(json)
  if (reply.success) return reply.data
  const [issue] = reply.error.issues
  throw malformedUsage(call, `in an unknown shape: ${issue?.path.join('.') || 'the reply'}: ${issue?.message}`)
}

/** `text` (as in `decimalText`) times `factor`, exactly, then rounded to the nearest whole number, halves away from zero. */
export function scaleDecimal(text: string, factor: bigint): bigint {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = BigInt(whole + fraction) * factor
  const shift = Number(exponent) - fraction.length
  const size = shift >= 0 ? digits * 10n ** BigInt(shift) : divideHalfUp(digits, -shift)
  return mantissa.startsWith('-') ? -size : size
}

export function malformedUsage(call: string, how: string): AppError {
  return new AppError('provider_reply_malformed', `${call} was answered ${how}.`)
}

/** TypeScript's declaration of JSON.parse does not know yet that a reviver sees the source text of numbers. */
const parseJson = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown

function divideHalfUp(digits: bigint, places: number): bigint {
  if (places > digits.toString().length) return 0n
  const divisor = 10n ** BigInt(places)
  return (2n * digits + divisor) / (2n * divisor)
}
