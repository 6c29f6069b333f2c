import type { RuleSettings } from '../contract/alert-rule.ts'

/** What a rule remembers of one subject; all null: nothing, and it can be forgotten. */
export interface AlertState {
  /** Since when it is above the threshold. */
  overSince: Date | null
  /** Since when it is well again, while its alert lasts. */
  healthySince: Date | null
  /** When its last alert was over, as long as there can be no other. */
  endedAt: Date | null
}

export const unseen: AlertState = { overSince: null, healthySince: null, endedAt: null }

export interface Look {
  isOver: boolean
  /** Whether an alert of this subject lasts. */
  lasts: boolean
  now: Date
}

export interface NextState {
  state: AlertState
  act: 'raise' | 'recover' | null
}

type Times = Pick<RuleSettings, 'forSeconds' | 'recoverSeconds' | 'cooldownSeconds'>

/**
 * What a look at a subject changes. An alert is raised when it has been over for `forSeconds`, is over itself when all has been well for
 * `recoverSeconds`, and does not come back within `cooldownSeconds` after that. One bad moment while it is getting well starts that anew.
 */
export function nextState(state: AlertState, times: Times, { isOver, lasts, now }: Look): NextState {
  const has = (since: Date, seconds: number) => now.getTime() - since.getTime() >= seconds * 1_000
  if (lasts) {
    if (isOver) return { state: unseen, act: null }
    const healthySince = state.healthySince ?? now
    if (!has(healthySince, times.recoverSeconds)) return { state: { ...unseen, healthySince }, act: null }
    return { state: { ...unseen, endedAt: times.cooldownSeconds > 0 ? now : null }, act: 'recover' }
  }
  const endedAt = state.endedAt && !has(state.endedAt, times.cooldownSeconds) ? state.endedAt : null
  if (!isOver) return { state: { ...unseen, endedAt }, act: null }
  const overSince = state.overSince ?? now
  if (endedAt === null && has(overSince, times.forSeconds)) return { state: unseen, act: 'raise' }
  return { state: { overSince, healthySince: null, endedAt }, act: null }
}
