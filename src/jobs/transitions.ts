import type { JobState } from '../contract/job.ts'

/** Why a job changes its state; the word stands in the event log. */
export type TransitionReason =
  | 'created'
  | 'claimed'
  | 'stage_done'
  | 'all_done'
  | 'will_retry'
  | 'gave_up'
  | 'deferred'
  | 'handed_over'
  | 'interrupted'
  | 'woken'
  | 'cancelled'
  | 'retried_by_user'

/** The whole state machine: which states each reason may lead from and to. docs/state-machine.md is held equal to it. */
export const transitions: Record<TransitionReason, { from: readonly JobState[]; to: JobState }> = {
  created: { from: [], to: 'queued' },
  claimed: { from: ['queued', 'retrying'], to: 'running' },
  stage_done: { from: ['running'], to: 'queued' },
  all_done: { from: ['running'], to: 'succeeded' },
  will_retry: { from: ['running'], to: 'retrying' },
  gave_up: { from: ['running'], to: 'failed' },
  deferred: { from: ['running'], to: 'deferred' },
  handed_over: { from: ['running'], to: 'waiting' },
  interrupted: { from: ['running'], to: 'queued' },
  woken: { from: ['waiting', 'deferred'], to: 'queued' },
  cancelled: { from: ['queued', 'running', 'waiting', 'deferred', 'retrying'], to: 'cancelled' },
  retried_by_user: { from: ['failed', 'cancelled'], to: 'queued' },
}
