import type { Mail } from './messages.ts'

export interface Mailer {
  /** Throws with what the mail server said, when it does not take the mail. */
  send(mail: Mail & { to: string }): Promise<void>
}
