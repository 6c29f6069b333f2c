import { formatUsd } from '../../contract/format-usd.ts'

/** An amount as the API gives it, for people: at least two decimals, and as many as it needs. */
export function usd(nanoUsd: string | bigint): string {
  return formatUsd(BigInt(nanoUsd))
}

/** An amount at a glance: cents from a dollar on, four decimals below it. Rounded half up; never a float. */
export function usdShort(nanoUsd: string | bigint): string {
  const amount = BigInt(nanoUsd)
  const absolute = amount < 0n ? -amount : amount
  if (absolute === 0n) return '$0.00'
  if (absolute < 50_000n) return amount < 0n ? '> -$0.0001' : '< $0.0001'
  const step = absolute >= 1_000_000_000n ? 10_000_000n : 100_000n
  const rounded = ((absolute + step / 2n) / step) * step
  const fraction = (rounded % 1_000_000_000n)
    .toString()
    .padStart(9, '0')
    .slice(0, step === 10_000_000n ? 2 : 4)
  const whole = (rounded / 1_000_000_000n).toString().replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return `${amount < 0n ? '-' : ''}$${whole}.${fraction}`
}

/** How much of a whole a part is, in tenths of a percent; for bars, never for books. */
export function shareOf(part: string | bigint, whole: string | bigint): number {
  const all = BigInt(whole)
  if (all <= 0n) return BigInt(part) > 0n ? 100 : 0
  return Number((BigInt(part) * 1000n) / all) / 10
}

/** An amount for the height of a bar in a chart. */
export function toChartUsd(nanoUsd: string): number {
  return Number(nanoUsd) / 1e9
}

/** Dollars as people write them, in nano-dollars; null for what is none. */
export function readDollars(text: string): string | null {
  const match = /^\$?(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text.trim().replaceAll(',', ''))
  if (!match) return null
  return (BigInt(match[1] ?? 0) * 1_000_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'))).toString()
}
