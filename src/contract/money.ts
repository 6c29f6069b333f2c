import { z } from 'zod'

/** Money is integer nano-dollars (1 USD = 1e9). In JSON it is a string of digits, since a number loses precision. */
export type NanoUsd = bigint
export const nanoUsdSchema = z
  .string()
  .regex(/^-?\d+$/)
  .describe('integer nano-dollars (1 USD = 1,000,000,000) as a string')

/** For people: at least two decimals, and as many as the amount needs, e.g. `$0.00375`. */
export function formatUsd(amount: NanoUsd): string {
  const absolute = amount < 0n ? -amount : amount
  const fraction = (absolute % 1_000_000_000n)
    .toString()
    .padStart(9, '0')
    .replace(/0{1,7}$/, '')
  return `${amount < 0n ? '-' : ''}$${absolute / 1_000_000_000n}.${fraction}`
}
