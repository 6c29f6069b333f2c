import type { Alert } from '../contract/alert.ts'

/** What a receiver is told: that an alert was raised or is over, or, to try the way, nothing. */
export interface Notice {
  /** The same for every attempt to tell it. */
  noticeId: string
  event: 'raised' | 'recovered' | 'test'
  alert: Alert
}
