import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../contract/failure.ts'
import type { Tables } from '../contract/tables.ts'
import type { WebhookStatus, WebhookTest } from '../contract/webhook.ts'
import type { Database } from '../platform/database.ts'
import { isPublicHost } from '../platform/public-address.ts'
import { checkPublicUrl, webhookUrl } from '../webhooks/check-public-url.ts'
import { hasEvent, readLastEvent } from '../webhooks/events.sql.ts'
import { createInbox, type Inbox, type InboxOptions } from '../webhooks/inbox.ts'
import { createRefusalLog, type RefusalLog } from '../webhooks/refusal-log.ts'
import { readRefusals } from '../webhooks/refusals.sql.ts'
import { type SampleOptions, sendSample } from '../webhooks/send-sample.http.ts'
import type { Configuration } from './settings.ts'

export interface Webhooks {
  secrets: readonly string[]
  inbox: Inbox
  refusals: RefusalLog
  status(): Promise<WebhookStatus>
  /** Sends a sample to the public address. Throws `configuration_invalid` or `webhooks_off` when there is no address or no secret. */
  test(): Promise<WebhookTest>
  close(): Promise<void>
}

interface WebhookParts {
  database: Database<Tables>
  hint: InboxOptions['hint']
  newId(): string
  onError(error: unknown): void
  fetch?: SampleOptions['fetch']
}

type WebhookSettings = Pick<Configuration, 'publicUrl' | 'webhookSecrets' | 'parseMode' | 'llamaCloudBaseUrl'>

const provider = 'llamaparse'
const sampleTimeoutMs = 10_000
const arrivesWithinMs = 5_000

/** What receives LlamaParse's webhooks. Throws `configuration_invalid` for an address that LlamaParse would refuse. */
export function createWebhooks(settings: WebhookSettings, parts: WebhookParts): Webhooks {
  const { publicUrl, webhookSecrets: secrets, parseMode } = settings
  // A simulator on this machine reaches private addresses.
  const allowPrivate =
    (parseMode !== 'real' && parseMode !== 'hybrid') ||
    !isPublicHost(URL.parse(settings.llamaCloudBaseUrl)?.hostname ?? '')
  if (publicUrl !== '') checkPublicUrl(publicUrl, { allowPrivate })
  const { database, hint, onError } = parts
  const inbox = createInbox({ database, provider, hint })
  const refusals = createRefusalLog({ database, provider, now: () => new Date(), onError })
  return {
    secrets,
    inbox,
    refusals,
    async status() {
      const [last, refused] = [await readLastEvent(database, provider), await readRefusals(database, provider)]
      return {
        provider,
        url: publicUrl === '' ? null : webhookUrl(publicUrl),
        secretCount: secrets.length,
        lastEvent: last && { eventType: last.eventType, receivedAt: last.receivedAt.toISOString() },
        refused: refused.map(r => ({ ...r, count: Number(r.count), lastAt: r.lastAt.toISOString() })),
      }
    },
    test: () => testDelivery(settings, parts),
    async close() {
      await inbox.close()
      await refusals.close()
    },
  }
}

async function testDelivery(
  { publicUrl, webhookSecrets: [secret] }: WebhookSettings,
  { database, newId, fetch = globalThis.fetch }: WebhookParts,
): Promise<WebhookTest> {
  if (publicUrl === '')
    throw new AppError('configuration_invalid', 'SLUICE_PUBLIC_URL is empty: there is no address to send to.')
  if (secret === undefined)
    throw new AppError('webhooks_off', 'SLUICE_WEBHOOK_SECRETS is empty: nothing could be signed.')
  const [eventId, jobId] = [newId(), newId()]
  const sample = {
    url: webhookUrl(publicUrl),
    secret,
    eventId,
    jobId,
    now: new Date(),
    timeoutMs: sampleTimeoutMs,
    fetch,
  }
  const sent = await sendSample(sample)
  return { ...sent, arrived: await hasArrived(database, eventId, sent.status) }
}

/** Behind something that takes deliveries and forwards them later, an event can come after the answer. */
async function hasArrived(database: Database<Tables>, eventId: string, status: number | null): Promise<boolean> {
  const endAt = Date.now() + (status !== null && status < 300 ? arrivesWithinMs : 0)
  for (;;) {
    if (await hasEvent(database, provider, eventId)) return true
    if (Date.now() >= endAt) return false
    await sleep(200)
  }
}
