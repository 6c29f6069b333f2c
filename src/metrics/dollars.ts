import type { NanoUsd } from '../contract/money.ts'

const nanoPerDollar = 1_000_000_000

/**
 * Money as Prometheus takes it, which knows only floats: here alone, at the border. The ledger itself is exact; above nine million
 * dollars a figure loses its last nano-dollars.
 */
export function toDollars(amount: NanoUsd): number {
  return Number(amount) / nanoPerDollar
}
