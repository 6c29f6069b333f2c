import type { Alert } from '../contract/alert.ts'
import type { RuleId } from '../contract/alert-kind.ts'

/** What a rule sees of one subject. */
export interface Reading {
  ruleId: RuleId
  tenantId: string
  subject: string
  /** In the unit of the rule; what has none is 1 where something is wrong. */
  value: number
  details: Alert['details']
}
