import type { NanoUsd } from './money.ts'

/** For people: at least two decimals, and as many as the amount needs, e.g. `$0.00375`. */
export function formatUsd(amount: NanoUsd): string {
  const absolute = amount < 0n ? -amount : amount
  const fraction = (absolute % 1_000_000_000n)
    .toString()
    .padStart(9, '0')
    .replace(/0{1,7}$/, '')
  return `${amount < 0n ? '-' : ''}$${absolute / 1_000_000_000n}.${fraction}`
}
