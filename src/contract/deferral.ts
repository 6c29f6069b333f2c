import { AppError } from './failure.ts'
import type { NanoUsd } from './money.ts'

export const deferralReasons = ['budget', 'in_doubt', 'in_progress', 'provider_stopped', 'provider_unhealthy'] as const
export type DeferralReason = (typeof deferralReasons)[number]

/** The budget that a call did not fit into: what the call needs of it, and how much of that is missing. */
export interface BudgetShortfall {
  tenantId: string
  budgetId: string
  neededNanoUsd: NanoUsd
  missingNanoUsd: NanoUsd
  /** It is more than the whole cap. */
  neverFits: boolean
}

/** Why work is parked, in a sentence, and when it goes on at the latest; null: only when something changes. */
export interface Deferral {
  reason: DeferralReason
  message: string
  resumesAt: Date | null
  budget: BudgetShortfall | null
  /** The provider that is waited for, if that is the reason. */
  provider?: string
}

/**
 * Says that a call was not made now but will be: no failure, and it burns no attempt. `budget`: it does not fit into a budget;
 * `in_doubt`: an earlier call for the same may have been charged; `in_progress`: somebody else is buying the same just now;
 * `provider_stopped`: the provider has no credit of ours left, or does not accept the key; `provider_unhealthy`: it fails, or takes nothing now.
 */
export class CallDeferred extends AppError {
  readonly deferral: Deferral

  constructor(deferral: Deferral) {
    super('call_deferred', deferral.message)
    this.deferral = deferral
  }
}

/** The job of a provider that a job of ours waits for. */
export interface AwaitedCall {
  callId: string
  message: string
  /** Until when it is waited for at the most. */
  deadlineAt: Date
}

/** Says that a provider is at work on the call: its result is fetched once it is done, and no worker is occupied meanwhile. */
export class CallAwaited extends AppError {
  readonly awaited: AwaitedCall

  constructor(awaited: AwaitedCall) {
    super('call_awaited', awaited.message)
    this.awaited = awaited
  }
}
