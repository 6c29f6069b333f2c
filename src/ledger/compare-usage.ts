import type { NanoUsd } from '../contract/money.ts'
import type { UsageLine } from '../contract/usage-report.ts'

/** What is compared as one. `model` is null where the provider does not name it. */
type UsageKey = Pick<UsageLine, 'day' | 'provider' | 'operation' | 'model'>
type Amounts = Pick<UsageLine, 'units' | 'costNanoUsd' | 'calls'>
/** Our own books always know the cost. */
export type OwnUsageLine = UsageLine & { costNanoUsd: NanoUsd }

/** A correction of the books, so that they say what the provider charged. */
export interface UsageAdjustment extends UsageKey {
  /** `provider/operation/model/day`, with `*` where the provider does not name the model. */
  key: string
  /** How many were booked under this key before: together they name it once, so that two who compare at once cannot both book it. */
  sequence: number
  amountNanoUsd: NanoUsd
}

/**
 * `equal`: the same money, or the same units where they say nothing of money. `rounding`: they differ by at most a nano-dollar for
 * each of our calls, as each is rounded up. `drift`: they differ by more. `not_reported`: the provider may still be late.
 * `unknown_to_us`: they charged for what we have no call of.
 */
export type UsageVerdict = 'equal' | 'rounding' | 'drift' | 'not_reported' | 'unknown_to_us'

/** One day, provider, operation and model. `theirs` is null when the provider reports nothing of it. */
export interface UsageRow extends UsageKey {
  ours: Amounts
  theirs: Amounts | null
  /** Adjustments that were booked before. */
  bookedNanoUsd: NanoUsd
  /** Theirs − ours − booked; null where they say nothing of money. */
  driftNanoUsd: NanoUsd | null
  /** Drift in parts per million of what our books say; null without either. */
  driftPpm: bigint | null
  verdict: UsageVerdict
  /** The day is over for so long that the report on it is final. */
  isSettled: boolean
}

export interface CompareUsageOptions {
  now: Date
  /** How long after the end of a day (UTC) the provider's report on it can still change. */
  settleAfterMs: number
  /** Every adjustment that was booked for these days, one by one. */
  booked: readonly UsageAdjustment[]
}

export interface UsageComparison {
  /** By day, provider, operation and model. */
  rows: UsageRow[]
  /** What to book now: one for each settled row that neither is equal nor differs by rounding alone. */
  adjustments: UsageAdjustment[]
}

const dayMs = 86_400_000

/**
 * Compares what our books say with what providers report. Both sides are summed by UTC day, provider, operation and model; where a
 * report does not name the model, all models of that day, provider and operation are one row. Nothing is adjusted before its day
 * is settled, and what has been booked counts: to book the adjustments twice books only the difference.
 */
export function compareUsage(
  ours: readonly OwnUsageLine[],
  theirs: readonly UsageLine[],
  options: CompareUsageOptions,
): UsageComparison {
  const rows = sumByRow(ours, theirs, options.booked).map(row => {
    const { day, provider, operation, model, bookedNanoUsd } = row
    const isSettled = Date.parse(day) + dayMs + options.settleAfterMs <= options.now.getTime()
    const own = row.ours ?? nothing
    const knownNanoUsd = (own.costNanoUsd ?? 0n) + bookedNanoUsd
    const theirNanoUsd = row.theirs === null ? 0n : row.theirs.costNanoUsd
    const driftNanoUsd = theirNanoUsd === null ? null : theirNanoUsd - knownNanoUsd
    return {
      ...{ day, provider, operation, model, ours: own, theirs: row.theirs, bookedNanoUsd, driftNanoUsd },
      driftPpm: driftNanoUsd === null || knownNanoUsd === 0n ? null : (driftNanoUsd * 1_000_000n) / knownNanoUsd,
      verdict: judge(row.ours, row.theirs, driftNanoUsd, isSettled),
      isSettled,
    }
  })
  return { rows, adjustments: rows.flatMap(row => toAdjustment(row, options.booked)) }
}

const nothing: Amounts = { units: 0n, costNanoUsd: 0n, calls: 0 }

interface SummedRow extends UsageKey {
  ours: Amounts | null
  theirs: Amounts | null
  bookedNanoUsd: NanoUsd
}

function sumByRow(
  ours: readonly OwnUsageLine[],
  theirs: readonly UsageLine[],
  booked: readonly UsageAdjustment[],
): SummedRow[] {
  const groupOf = ({ day, provider, operation }: UsageKey) => JSON.stringify([day, provider, operation])
  const unnamed = new Set(theirs.filter(line => line.model === null).map(groupOf))
  const rows = new Map<string, SummedRow>()
  const rowOf = (line: UsageKey): SummedRow => {
    const { day, provider, operation } = line
    const model = unnamed.has(groupOf(line)) ? null : line.model
    const key = JSON.stringify([day, provider, operation, model])
    const row = rows.get(key) ?? { day, provider, operation, model, ours: null, theirs: null, bookedNanoUsd: 0n }
    rows.set(key, row)
    return row
  }
  for (const line of ours) {
    const row = rowOf(line)
    row.ours = add(row.ours, line)
  }
  for (const line of theirs) {
    const row = rowOf(line)
    row.theirs = add(row.theirs, line)
  }
  for (const adjustment of booked) rowOf(adjustment).bookedNanoUsd += adjustment.amountNanoUsd
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** A sum with an unknown amount is unknown. */
function add(sum: Amounts | null, { units, costNanoUsd, calls }: Amounts): Amounts {
  if (sum === null) return { units, costNanoUsd, calls }
  const isKnown = sum.costNanoUsd !== null && costNanoUsd !== null
  return {
    units: sum.units + units,
    costNanoUsd: isKnown ? (sum.costNanoUsd ?? 0n) + (costNanoUsd ?? 0n) : null,
    calls: sum.calls + calls,
  }
}

function judge(
  ours: Amounts | null,
  theirs: Amounts | null,
  driftNanoUsd: NanoUsd | null,
  isSettled: boolean,
): UsageVerdict {
  if (theirs === null && !isSettled) return 'not_reported'
  if (driftNanoUsd === null) {
    if (!isSettled) return 'not_reported'
    if (ours === null) return 'unknown_to_us'
    return ours.units === theirs?.units ? 'equal' : 'drift'
  }
  if (driftNanoUsd === 0n) return 'equal'
  if (ours === null && theirs !== null) return 'unknown_to_us'
  const size = driftNanoUsd < 0n ? -driftNanoUsd : driftNanoUsd
  return size <= BigInt(ours?.calls ?? 0) ? 'rounding' : 'drift'
}

function toAdjustment(row: UsageRow, booked: readonly UsageAdjustment[]): UsageAdjustment[] {
  const { day, provider, operation, model, driftNanoUsd, verdict, isSettled } = row
  if (!isSettled || driftNanoUsd === null || (verdict !== 'drift' && verdict !== 'unknown_to_us')) return []
  const key = `${provider}/${operation}/${model ?? '*'}/${day}`
  const sequence = booked.filter(adjustment => adjustment.key === key).length
  return [{ key, sequence, day, provider, operation, model, amountNanoUsd: driftNanoUsd }]
}
