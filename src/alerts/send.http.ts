import { Webhook } from 'standardwebhooks'
import type { ReceiverKind, SendResult } from '../contract/alert-receiver.ts'
import { PrivateAddressError, post } from '../platform/post-public.http.ts'
import type { Mailer } from './mailer.ts'
import { mailOf, slackBody, webhookBody } from './messages.ts'
import type { Notice } from './notice.ts'

/** Where notices go. */
export interface Target {
  kind: ReceiverKind
  address: string
  /** What webhooks are signed with, the newest first. */
  secrets: readonly string[]
}

export interface SendOptions {
  /** Null where no mail server is configured. */
  mailer: Mailer | null
  allowPrivate: boolean
  now(): Date
}

export interface Sent extends SendResult {
  retryAfterMs: number | null
}

const timeoutMs = 15_000

/** Tells a receiver: a webhook of one, the others of all in one message. Throws nothing; what went wrong is in the result. */
export async function send(
  target: Target,
  notices: readonly [Notice, ...Notice[]],
  options: SendOptions,
): Promise<Sent> {
  const startedAt = performance.now()
  const result = (rest: Omit<Sent, 'milliseconds'>): Sent => ({
    ...rest,
    milliseconds: Math.round(performance.now() - startedAt),
  })
  try {
    if (target.kind === 'email') {
      await mail(target, notices, options)
      return result({ ok: true, status: null, failure: null, retryAfterMs: null })
    }
    const { status, retryAfter } = await post({
      ...letterOf(target, notices, options),
      timeoutMs,
      allowPrivate: options.allowPrivate,
    })
    const ok = status >= 200 && status < 300
    const failure = ok
      ? null
      : `answered with ${status}${status >= 300 && status < 400 ? ': redirects are not followed' : ''}`
    return result({ ok, status, failure, retryAfterMs: readRetryAfter(retryAfter, options.now()) })
  } catch (error) {
    return result({ ok: false, status: null, failure: explain(error).slice(0, 500), retryAfterMs: null })
  }
}

function explain(error: unknown): string {
  if (error instanceof PrivateAddressError) return `${error.message}; SLUICE_ALERT_PRIVATE_ADDRESSES=on allows it`
  return error instanceof Error && error.message !== '' ? error.message : String(error)
}

async function mail({ address }: Target, notices: readonly Notice[], { mailer }: SendOptions): Promise<void> {
  if (!mailer) throw new Error('no mail server is configured: SLUICE_SMTP_URL is empty')
  await mailer.send({ to: address, ...mailOf(notices) })
}

function letterOf({ kind, address, secrets }: Target, notices: readonly [Notice, ...Notice[]], { now }: SendOptions) {
  const json = { 'content-type': 'application/json', 'user-agent': 'Sluice' }
  if (kind === 'slack') return { url: address, headers: json, body: slackBody(notices) }
  const [notice] = notices
  const [id, at, body] = [`msg_${notice.noticeId}`, now(), webhookBody(notice)]
  const headers = {
    ...json,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map(secret => new Webhook(secret).sign(id, at, body)).join(' '),
  }
  return { url: address, headers, body }
}

/** Seconds, or a date: RFC 9110, 10.2.3. */
function readRetryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}
