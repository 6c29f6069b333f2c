import type { NanoUsd } from '../../contract/money.ts'

export interface Charge {
  at: Date
  model: string
  tokens: number
  costNanoUsd: NanoUsd
  /** One request if not given. */
  requests?: number
  /** Charged at the price of the Batch API. */
  isBatch?: boolean
}

/** All charges for one model at one sort of price in the minute that begins at `minuteMs`. */
export interface ChargedMinute {
  minuteMs: number
  model: string
  isBatch: boolean
  requests: number
  tokens: number
  costNanoUsd: NanoUsd
}

export interface ChargeBook {
  record(charge: Charge): void
  /** What can be seen at `now` of the minutes from `fromMs` up to `toMs`, by time. */
  between(fromMs: number, toMs: number, now: Date): ChargedMinute[]
}

/** Remembers charges by minute; each can be seen `delayMs` after it was made. */
export function createChargeBook(delayMs: number): ChargeBook {
  const minutes = new Map<string, ChargedMinute>()
  let hidden: Charge[] = []
  const show = (now: Date) => {
    const isDue = ({ at }: Charge) => at.getTime() + delayMs <= now.getTime()
    for (const charge of hidden.filter(isDue)) add(minutes, charge)
    hidden = hidden.filter(charge => !isDue(charge))
  }
  return {
    record(charge) {
      // Kept one by one only while they are hidden, so that a service that runs for long needs no memory for each.
      if (delayMs === 0) add(minutes, charge)
      else hidden.push(charge)
    },
    between(fromMs, toMs, now) {
      show(now)
      const seen = [...minutes.values()].filter(({ minuteMs }) => minuteMs >= fromMs && minuteMs < toMs)
      return seen.sort((a, b) => a.minuteMs - b.minuteMs)
    },
  }
}

function add(minutes: Map<string, ChargedMinute>, charge: Charge): void {
  const { at, model, tokens, costNanoUsd, requests = 1, isBatch = false } = charge
  const minuteMs = Math.floor(at.getTime() / 60_000) * 60_000
  const key = `${minuteMs} ${model} ${isBatch}`
  const before = minutes.get(key) ?? { minuteMs, model, isBatch, requests: 0, tokens: 0, costNanoUsd: 0n }
  minutes.set(key, {
    ...before,
    requests: before.requests + requests,
    tokens: before.tokens + tokens,
    costNanoUsd: before.costNanoUsd + costNanoUsd,
  })
}
