import { createMessageReader } from '../../src/cli/events/read-messages.ts'
import { resetSchema, type StreamedEvent } from '../../src/contract/event.ts'
import { apiKey } from './sluice-under-test.ts'

/** One server-sent event. `name` is a kind of event, `position` or `reset`. */
export interface Message {
  name: string
  id: string
  data: StreamedEvent
}

/** A client of `/v1/events`, which asks once and reads. */
export interface EventReader {
  status: number
  /** The next message that is not a position; null at the end of the stream. Throws when it breaks off. */
  next(): Promise<Message | null>
  /** Messages up to and with the first one for which `isLast` holds. */
  until(isLast: (message: Message) => boolean): Promise<Message[]>
  /** The id of the last message that was read, positions included. */
  lastId(): string
  /** Breaks the connection off. */
  cut(): void
}

/** Opens a stream and, where it is one, waits until it stands somewhere. */
export async function followEvents(
  url: string,
  query = '',
  { secret = apiKey, lastId }: { secret?: string; lastId?: string } = {},
): Promise<EventReader> {
  const abort = new AbortController()
  const headers = { authorization: `Bearer ${secret}`, ...(lastId !== undefined && { 'last-event-id': lastId }) }
  const response = await fetch(`${url}/v1/events${query}`, { headers, signal: abort.signal })
  const messages = readMessages(response)
  let id = lastId ?? ''
  const next = async (): Promise<Message | null> => {
    for (;;) {
      const { value, done } = await messages.next()
      if (done) return null
      id = value.id
      if (value.name !== 'position') return value
    }
  }
  if (response.ok && lastId === undefined && !query.includes('after=')) {
    const first = await messages.next()
    if (first.done || first.value.name !== 'position') throw new Error('the stream does not begin with its position')
    id = first.value.id
  }
  return {
    status: response.status,
    next,
    async until(isLast) {
      const seen: Message[] = []
      for (;;) {
        const message = await next()
        if (message === null) throw new Error(`the stream ended after ${seen.map(m => m.name).join(', ')}`)
        seen.push(message)
        if (isLast(message)) return seen
      }
    },
    lastId: () => id,
    cut: () => abort.abort(),
  }
}

async function* readMessages(response: Response): AsyncGenerator<Message> {
  const read = createMessageReader()
  for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()))
    for (const { data, ...message } of read(piece)) yield { ...message, data: JSON.parse(data) }
}

/** The reason of a message `reset`. */
export function resetReason({ name, data }: Message): string | null {
  return name === 'reset' ? resetSchema.parse(data).reason : null
}
