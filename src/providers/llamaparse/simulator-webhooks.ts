import { createHmac } from 'node:crypto'
import type { ReadyFault } from './simulator-faults.ts'
import type { ParseEvent, WebhookTarget } from './simulator-webhook-schema.ts'

const attempts = 3
const backoffMs = [1000, 2000]
const timeoutMs = 30_000

export interface WebhookCounters {
  /** Events for an address; each ends as acknowledged or lost. */
  events: number
  /** Requests, repeated ones included. */
  sent: number
  acknowledged: number
  lost: number
}

export interface WebhookEvent {
  id: string
  type: ParseEvent
  jobId: string
  at: Date
}

export interface DeliveryDesk {
  /** Brings a webhook to its address. A rejection counts as no answer. */
  deliver(request: Request): Promise<Response>
  sleep(ms: number, signal: AbortSignal): Promise<void>
  counters: WebhookCounters
  signal: AbortSignal
}

/**
 * Sends one event to one address: up to 3 times, 1 s and 2 s apart, each for 30 s; any 2xx is success (documented). Under a fault it is lost, comes
 * twice, or late. Never rejects.
 */
export async function deliverWebhook(
  event: WebhookEvent,
  target: WebhookTarget,
  fault: Extract<ReadyFault, { kind: 'webhooks' }> | undefined,
  desk: DeliveryDesk,
): Promise<void> {
  const { counters, signal } = desk
  counters.events++
  try {
    if (fault?.delivery === 'late') await desk.sleep(fault.lateMs, signal)
    const isAcknowledged = fault?.delivery !== 'lost' && (await sendRepeatedly(event, target, desk))
    if (isAcknowledged) counters.acknowledged++
    else counters.lost++
    if (fault?.delivery === 'duplicated') await send(event, target, desk)
  } catch {
    // Only the end of the simulator breaks a delivery off.
    counters.lost++
  }
}

async function sendRepeatedly(event: WebhookEvent, target: WebhookTarget, desk: DeliveryDesk): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) await desk.sleep(backoffMs[attempt - 1] ?? 0, desk.signal)
    if (await send(event, target, desk)) return true
  }
  return false
}

async function send(event: WebhookEvent, target: WebhookTarget, desk: DeliveryDesk): Promise<boolean> {
  desk.signal.throwIfAborted()
  desk.counters.sent++
  const over = new AbortController()
  const late = desk.sleep(timeoutMs, AbortSignal.any([desk.signal, over.signal])).then(
    () => false,
    () => false,
  )
  const answered = desk.deliver(toRequest(event, target, AbortSignal.any([desk.signal, over.signal]))).then(
    async response => {
      await response.body?.cancel()
      return response.ok
    },
    () => false,
  )
  const isAcknowledged = await Promise.race([answered, late])
  over.abort()
  return isAcknowledged
}

/**
 * The request with body and headers as documented. The default format is a JSON-encoded string of JSON. The blanks after colons and commas
 * are Python's, a guess that no client should notice: the signature is of the bytes that are sent.
 */
function toRequest(event: WebhookEvent, target: WebhookTarget, signal: AbortSignal): Request {
  const data = `{"id": "${event.jobId}", "job_id": "${event.jobId}"}`
  const json = `{"event_id": "${event.id}", "event_type": "${event.type}", "timestamp": ${event.at.getTime() / 1000}, "data": ${data}}`
  const body = new TextEncoder().encode(target.outputFormat === 'json' ? json : JSON.stringify(json))
  const headers = new Headers(target.headers)
  headers.set('content-type', 'application/json')
  headers.set('user-agent', 'llamaindex-webhook-service/1.0')
  headers.set('x-webhook-event-id', event.id)
  headers.set('x-webhook-event-type', event.type)
  const { signingSecret } = target
  if (signingSecret !== null)
    headers.set('lc-signature', `sha256=${createHmac('sha256', signingSecret).update(body).digest('hex')}`)
  return new Request(target.url, { method: 'POST', headers, body, signal })
}
