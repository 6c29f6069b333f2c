import { channel } from 'node:diagnostics_channel'
import type { Stage } from '../contract/job.ts'

/** The moments around a transition, in their order; between any two of them the process may die. */
export const moments = ['claimed', 'before_save', 'before_commit', 'after_commit'] as const
export type Moment = (typeof moments)[number]

const transitions = channel('sluice:jobs')

/** Tells who listens on the diagnostics channel `sluice:jobs` (metrics, crash tests) that `jobs` jobs are at this moment. */
export function announce(moment: Moment, stage: Stage, jobs: number): void {
  if (transitions.hasSubscribers) transitions.publish({ moment, stage, jobs })
}
