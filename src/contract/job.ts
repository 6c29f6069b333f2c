import { z } from 'zod'

/** The one list of stages and states: SQL checks, API schemas and docs derive from it (a test holds them equal). */
export const stages = ['parse', 'chunk', 'embed', 'publish'] as const
export const jobStates = [
  'queued',
  'running',
  'waiting',
  'deferred',
  'retrying',
  'succeeded',
  'failed',
  'cancelled',
] as const
export const terminalStates = ['succeeded', 'failed', 'cancelled'] as const satisfies readonly JobState[]

export type Stage = (typeof stages)[number]
export type JobState = (typeof jobStates)[number]

export const stageSchema = z.enum(stages)
export const jobStateSchema = z.enum(jobStates)

export function isTerminal(state: JobState): boolean {
  return (terminalStates as readonly JobState[]).includes(state)
}

/** The stage after this one, or null after the last. */
export function stageAfter(stage: Stage): Stage | null {
  return stages[stages.indexOf(stage) + 1] ?? null
}
