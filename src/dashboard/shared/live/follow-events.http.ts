import { readKey } from '../session.ts'
import { createFrameReader, type Frame } from './read-frames.ts'

export type LiveState = 'connecting' | 'live' | 'broken'

interface FollowOptions {
  /** Of which tenants; null: of the key's own. */
  tenant: string | null
  signal: AbortSignal
  onFrame(frame: Frame): void
  onState(state: LiveState): void
}

const pausesMs = [500, 1_000, 2_000, 5_000, 10_000]

/** Follows `/v1/events` until the signal; comes again when it breaks off, and goes on behind the last event that was read. */
export async function followEvents(options: FollowOptions): Promise<void> {
  let lastId: string | null = null
  let failures = 0
  while (!options.signal.aborted) {
    options.onState(failures === 0 ? 'connecting' : 'broken')
    try {
      await readOnce(options, lastId, frame => {
        failures = 0
        lastId = frame.id ?? lastId
        options.onFrame(frame)
      })
    } catch {
      // Told by the state: the server is gone, or the connection broke.
    }
    if (options.signal.aborted) return
    options.onState('broken')
    await new Promise(resolve => setTimeout(resolve, pausesMs[Math.min(failures++, pausesMs.length - 1)]))
  }
}

async function readOnce(options: FollowOptions, lastId: string | null, onFrame: (frame: Frame) => void): Promise<void> {
  const query = options.tenant === null ? '' : `?tenant=${encodeURIComponent(options.tenant)}`
  const headers = { authorization: `Bearer ${readKey() ?? ''}`, ...(lastId !== null && { 'last-event-id': lastId }) }
  const response = await fetch(`/v1/events${query}`, { headers, signal: options.signal, cache: 'no-store' })
  if (!response.ok || response.body === null) throw new Error(`the stream was refused with ${response.status}`)
  options.onState('live')
  const read = createFrameReader()
  for await (const piece of response.body.pipeThrough(new TextDecoderStream()))
    for (const frame of read(piece)) onFrame(frame)
}
