import type { CostPeriod } from './cost-period.ts'

const hourMs = 3_600_000

/** How a period is put together: of whole UTC hours, for which there are sums, and of parts that are read entry by entry. */
export interface PeriodPieces {
  /** All hours from `from` up to `to`, but for those in `split`; null where there is none. */
  hours: (CostPeriod & { split: Date[] }) | null
  parts: CostPeriod[]
}

/** `bounds`: moments that no hour may lie across, such as beginnings of days. */
export function wholeHours({ from, to }: CostPeriod, bounds: readonly Date[] = []): PeriodPieces {
  const first = Math.ceil(from.getTime() / hourMs) * hourMs
  const end = Math.floor(to.getTime() / hourMs) * hourMs
  if (first >= end) return { hours: null, parts: [{ from, to }] }
  const split = new Set<number>()
  for (const bound of bounds) {
    const at = bound.getTime()
    if (at % hourMs !== 0 && at > first && at < end) split.add(Math.floor(at / hourMs) * hourMs)
  }
  const parts = [...split].map(hour => ({ from: new Date(hour), to: new Date(hour + hourMs) }))
  if (from.getTime() < first) parts.unshift({ from, to: new Date(first) })
  if (end < to.getTime()) parts.push({ from: new Date(end), to })
  return { hours: { from: new Date(first), to: new Date(end), split: [...split].map(hour => new Date(hour)) }, parts }
}
