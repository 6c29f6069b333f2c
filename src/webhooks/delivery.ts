import { z } from 'zod'
import { AppError } from '../contract/failure.ts'
import { isStorable, notStorable } from '../contract/storable.ts'

/** An event that a provider sent: which, of what type, about which of its jobs. It has no content. */
export interface Delivery {
  eventId: string
  eventType: string
  remoteId: string
}

/**
 * Reads a body of LlamaCloud's webhooks: a JSON object, or (its default format) a string of JSON that holds one. Throws
 * `webhook_malformed`, with a message that quotes nothing of the body.
 */
export function readDelivery(rawBody: Buffer): Delivery {
  const first = parseJson(decodeText(rawBody))
  const read = bodySchema.safeParse(typeof first === 'string' ? parseJson(first) : first)
  if (read.success) return read.data
  const faults = read.error.issues.map(issue => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  throw malformed(faults.join('; '))
}

/** What the events mean after which a job changes no more. */
export function isTerminalEvent(eventType: string): boolean {
  return terminalEvents.has(eventType)
}

const terminalEvents: ReadonlySet<string> = new Set([
  'parse.success',
  'parse.error',
  'parse.partial_success',
  'parse.cancelled',
])

const name = (maxLength: number) => z.string().min(1).max(maxLength).refine(isStorable, notStorable)
const bodySchema = z
  .object({
    event_id: name(200),
    event_type: name(100),
    data: z
      .object({ job_id: name(200).optional(), id: name(200).optional() })
      .refine(data => data.job_id !== undefined || data.id !== undefined, 'has neither job_id nor id'),
  })
  .transform(body => ({
    eventId: body.event_id,
    eventType: body.event_type,
    remoteId: body.data.job_id ?? body.data.id ?? '',
  }))

function decodeText(rawBody: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(rawBody)
  } catch {
    throw malformed('it is not UTF-8')
  }
}

/** The parser's own error quotes the text, so it is not kept as the cause. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('it is not JSON')
  }
}

function malformed(fault: string): AppError {
  return new AppError('webhook_malformed', `The delivery cannot be read: ${fault}.`)
}
