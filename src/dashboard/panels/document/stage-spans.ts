import { type Stage, stages } from '../../../contract/job.ts'
import type { JobDetail } from '../../../contract/job-view.ts'

type Event = Pick<JobDetail['events'][number], 'at' | 'stage' | 'state'>
export type OpenState = 'queued' | 'running' | 'waiting' | 'deferred' | 'retrying'

/** A stage of a job: in which state it was from when to when, as shares of the job's whole time, and what it took. */
export interface StageSpan {
  stage: Stage
  pieces: { state: OpenState; from: number; to: number; ms: number }[]
  /** How often it was tried again after a failure. */
  retries: number
  workMs: number
  totalMs: number
}

/** The times of a job by stage, of its events in their order; what is still open ends at `now`. */
export function stageSpans(events: readonly Event[], now: number): StageSpan[] {
  const [first] = events
  const last = events.at(-1)
  if (first === undefined || last === undefined) return []
  const start = Date.parse(first.at)
  const end = isOpen(last.state) ? Math.max(now, Date.parse(last.at)) : Date.parse(last.at)
  const whole = Math.max(1, end - start)
  const spans = new Map(stages.map(stage => [stage, emptySpan(stage)]))
  events.forEach(({ at, stage, state }, i) => {
    const span = spans.get(stage)
    if (span === undefined || !isOpen(state)) return
    const from = Date.parse(at)
    const to = i + 1 < events.length ? Date.parse(events[i + 1]?.at ?? at) : end
    const ms = Math.max(0, to - from)
    span.pieces.push({ state, from: (from - start) / whole, to: (to - start) / whole, ms })
    span.totalMs += ms
    if (state === 'running') span.workMs += ms
    if (state === 'retrying') span.retries++
  })
  return [...spans.values()]
}

function emptySpan(stage: Stage): StageSpan {
  return { stage, pieces: [], retries: 0, workMs: 0, totalMs: 0 }
}

function isOpen(state: Event['state']): state is OpenState {
  return state !== 'succeeded' && state !== 'failed' && state !== 'cancelled'
}
