import type { ComparedSide } from '../contract/comparison.ts'
import { type Stage, stages } from '../contract/job.ts'

export interface StageEvent {
  at: Date
  stage: Stage
  reason: string
}
export interface ProviderTime {
  service: 'parse' | 'embed'
  providerMs: number
}

/** How long each stage took: between a claim and what ended it a worker had it, all other time it waited. Pure. */
export function stageTimes(events: readonly StageEvent[], provider: readonly ProviderTime[]): ComparedSide['stages'] {
  const times = new Map(stages.map(stage => [stage, { workMs: 0, waitedMs: 0 }]))
  for (const [i, event] of events.entries()) {
    const next = events[i + 1]
    if (!next) break
    const ms = next.at.getTime() - event.at.getTime()
    // What a stage's end begins is the waiting for the next one; the event names that already.
    const time = times.get(event.stage)
    if (!time) continue
    if (event.reason === 'claimed') time.workMs += ms
    else time.waitedMs += ms
  }
  return stages.map(stage => {
    const own = provider.filter(one => one.service === stage)
    const providerMs = own.length === 0 ? null : own.reduce((sum, one) => sum + one.providerMs, 0)
    return { stage, ...(times.get(stage) ?? { workMs: 0, waitedMs: 0 }), providerMs }
  })
}
