import { randomBytes } from 'node:crypto'
import { checkAddress } from '../alerts/check-address.ts'
import { type DeliverOptions, deliverDue } from '../alerts/deliver.ts'
import { forgetOld } from '../alerts/deliveries.sql.ts'
import { look } from '../alerts/look.ts'
import type { Mailer } from '../alerts/mailer.ts'
import type { Notice } from '../alerts/notice.ts'
import { insertReceiver, readReceivers, readTarget, replaceSecret } from '../alerts/receivers.sql.ts'
import { readRules } from '../alerts/rules.sql.ts'
import { send } from '../alerts/send.http.ts'
import { createSmtpMailer } from '../alerts/smtp-mailer.http.ts'
import { takeTurn } from '../alerts/states.sql.ts'
import type { CreatedReceiver, NewReceiver, Receiver, SendResult } from '../contract/alert-receiver.ts'
import { AppError } from '../contract/failure.ts'
import type { Tables } from '../contract/tables.ts'
import type { Database } from '../platform/database.ts'
import { createSignReader } from './read-alert-signs.ts'
import type { Configuration } from './settings.ts'

export interface Alerts {
  canMail: boolean
  /** Checks the address and makes a secret. Throws `receiver_address_invalid` or `mail_off`. */
  create(receiver: NewReceiver): Promise<CreatedReceiver>
  /** A new secret; the old one signs too, for a day. Throws `receiver_not_found` or `receiver_has_no_secret`. */
  renewSecret(receiverId: string): Promise<CreatedReceiver>
  /** Sends a test now, though it be switched off. Throws `receiver_not_found`. */
  test(receiverId: string): Promise<SendResult>
  /** Lets the rules look once, unless somebody did within `everyMs`. */
  look(now: Date, everyMs: number): Promise<void>
  /** Sends what is due. Returns how many deliveries were tried. */
  deliver(): Promise<number>
  forgetOld(): Promise<void>
}

interface AlertParts {
  database: Database<Tables>
  newId(): string
  onError(error: unknown): void
}

const keepDays = 30

type AlertSettings = Pick<Configuration, 'smtpUrl' | 'mailFrom' | 'alertPrivateAddresses' | 'webhookSecrets'>

/** Rules that look, and receivers that are told. */
export function createAlerts(settings: AlertSettings, { database, newId, onError }: AlertParts): Alerts {
  const { smtpUrl, mailFrom, alertPrivateAddresses: allowPrivate } = settings
  const mailer: Mailer | null = smtpUrl === '' ? null : createSmtpMailer({ url: smtpUrl, from: mailFrom })
  const sending: DeliverOptions = { database, mailer, allowPrivate, now: () => new Date(), random: Math.random }
  const readSigns = createSignReader({ database, hasWebhooks: settings.webhookSecrets.length > 0, onError })
  return {
    canMail: mailer !== null,
    async create(receiver) {
      checkAddress(receiver, { allowPrivate, canMail: mailer !== null })
      const made = { receiverId: newId(), secret: receiver.kind === 'webhook' ? newSecret() : null }
      await insertReceiver(database, receiver, made)
      return { ...(await findReceiver(database, made.receiverId)), secret: made.secret }
    },
    async renewSecret(receiverId) {
      const secret = newSecret()
      const receiver = await findReceiver(database, receiverId)
      if (!(await replaceSecret(database, receiverId, secret)))
        throw new AppError(
          'receiver_has_no_secret',
          `${receiver.name} is told by ${receiver.kind}, which has no secret.`,
        )
      return { ...receiver, secret }
    },
    async test(receiverId) {
      const target = await readTarget(database, receiverId)
      if (!target) throw missing(receiverId)
      const { retryAfterMs: _, ...result } = await send(target, [testNotice(newId, target.tenantId)], sending)
      return result
    },
    async look(now, everyMs) {
      // Read before, so that the turn is short; who has not got it has read for nothing, every few seconds.
      const sight = await readSigns(now.getTime())
      await database.transaction(async session => {
        if (await takeTurn(session, now, everyMs)) await look(session, await readRules(session), sight, now)
      })
    },
    deliver: () => deliverDue(sending),
    forgetOld: () => forgetOld(database, keepDays),
  }
}

async function findReceiver(database: Database<Tables>, receiverId: string): Promise<Receiver> {
  const [found] = await readReceivers(database, receiverId)
  if (!found) throw missing(receiverId)
  return found
}

export function missing(receiverId: string): AppError {
  return new AppError('receiver_not_found', `There is no receiver ${receiverId}.`)
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: 24 to 64 random bytes in base64. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

function testNotice(newId: () => string, tenantId: string): Notice {
  const at = new Date().toISOString()
  const subject = 'test'
  const alert: Notice['alert'] = {
    alertId: newId(),
    at,
    tenantId,
    kind: 'queue_age',
    severity: 'warning',
    subject,
    details: {},
    lasts: false,
    recoveredAt: null,
  }
  return { noticeId: newId(), event: 'test', alert }
}
