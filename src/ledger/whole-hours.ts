import type { CostPeriod } from './cost-period.ts'

const hourMs = 3_600_000
const blockMs = 6 * hourMs

/** How a period is put together: of spans for which there are sums, and of parts that are read entry by entry. */
export interface PeriodPieces {
  /** All whole UTC hours from `from` up to `to`, but for those in `split`, where a bound lies within; null where there is none. */
  hours: WholeHours | null
  parts: CostPeriod[]
}

export interface WholeHours extends CostPeriod {
  split: Date[]
  /** Of these hours those that come six at a time, from 00, 06, 12 or 18 o'clock UTC: all from `from` up to `to`, but for those in `split`. */
  blocks: CostPeriod & { split: Date[] }
  /** The others, but for those that are halved. */
  single: Date[]
  /** Those whose only bound is at half past. */
  halved: Date[]
}

/** `bounds`: moments that no span may lie across, such as beginnings of days; `halves`: whether there are sums of half hours. */
export function wholeHours(
  { from, to }: CostPeriod,
  bounds: readonly Date[] = [],
  { halves = false } = {},
): PeriodPieces {
  const first = ceilTo(from.getTime(), hourMs)
  const end = floorTo(to.getTime(), hourMs)
  if (first >= end) return { hours: null, parts: [{ from, to }] }
  const inside = bounds.map(bound => bound.getTime()).filter(at => at > first && at < end)
  const inHours = inside.filter(at => at % hourMs !== 0)
  const isHalf = (at: number) => halves && at % hourMs === hourMs / 2
  const split = new Set(inHours.filter(at => !isHalf(at)).map(at => floorTo(at, hourMs)))
  const halved = new Set(inHours.map(at => floorTo(at, hourMs)).filter(hour => !split.has(hour)))
  const parts = [...split].map(hour => ({ from: new Date(hour), to: new Date(hour + hourMs) }))
  if (from.getTime() < first) parts.unshift({ from, to: new Date(first) })
  if (end < to.getTime()) parts.push({ from: new Date(end), to })
  return {
    hours: {
      from: new Date(first),
      to: new Date(end),
      split: toDates(split),
      halved: toDates(halved),
      ...inBlocks(first, end, inside, split.union(halved)),
    },
    parts,
  }
}

function inBlocks(
  first: number,
  end: number,
  bounds: readonly number[],
  apart: ReadonlySet<number>,
): Pick<WholeHours, 'blocks' | 'single'> {
  const from = Math.min(ceilTo(first, blockMs), end)
  const to = Math.max(floorTo(end, blockMs), from)
  const broken = new Set(bounds.filter(at => at % blockMs !== 0).map(at => floorTo(at, blockMs)))
  const inRange = [...broken].filter(block => block >= from && block < to)
  const hours = [
    ...hoursOf(first, from),
    ...inRange.flatMap(block => hoursOf(block, block + blockMs)),
    ...hoursOf(to, end),
  ]
  return {
    blocks: { from: new Date(from), to: new Date(to), split: toDates(new Set(inRange)) },
    single: hours.filter(hour => !apart.has(hour)).map(hour => new Date(hour)),
  }
}

function hoursOf(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, (to - from) / hourMs) }, (_, i) => from + i * hourMs)
}

function floorTo(at: number, lengthMs: number): number {
  return Math.floor(at / lengthMs) * lengthMs
}

function ceilTo(at: number, lengthMs: number): number {
  return Math.ceil(at / lengthMs) * lengthMs
}

function toDates(times: ReadonlySet<number>): Date[] {
  return [...times].map(at => new Date(at))
}
