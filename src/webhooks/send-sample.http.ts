import type { WebhookTest } from '../contract/webhook.ts'
import { signBody } from './signature.ts'

export interface SampleOptions {
  url: string
  secret: string
  eventId: string
  jobId: string
  now: Date
  timeoutMs: number
  fetch(url: string, init: RequestInit): Promise<Response>
}

/** Sends a signed event of type `sluice.test` as LlamaCloud would send one, and says what came of it. Throws nothing. */
export async function sendSample(options: SampleOptions): Promise<Omit<WebhookTest, 'arrived'>> {
  const { url, secret, eventId, jobId, now, timeoutMs } = options
  const data = { id: jobId, job_id: jobId }
  const event = { event_id: eventId, event_type: 'sluice.test', timestamp: now.getTime() / 1_000, data }
  const body = Buffer.from(JSON.stringify(event))
  const startedAt = performance.now()
  const tookMs = () => Math.round(performance.now() - startedAt)
  try {
    const response = await options.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'lc-signature': signBody(body, secret) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const milliseconds = tookMs()
    await response.body?.cancel()
    return { url, status: response.status, milliseconds, failure: null }
  } catch (error) {
    return { url, status: null, milliseconds: tookMs(), failure: describeFailure(error, timeoutMs) }
  }
}

function describeFailure(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'the request failed'
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1_000} s`
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? `${error.message}: ${cause.message}` : error.message
}
