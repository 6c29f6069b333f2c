import { mix } from './hash.ts'
import { type Answer, errorAnswer, retryHeaders } from './simulator-answer.ts'

/** What can go wrong with one request. `billed` ones are worked on and charged, and then the answer gets lost. */
export type Fault =
  | { kind: 'rate_limited'; code?: 'rate_limit_exceeded' | 'slow_down'; retryAfterMs?: number }
  | { kind: 'quota_spent'; code?: string }
  | { kind: 'server_error'; status: number; retryAfterMs?: number }
  | { kind: 'hang'; billed: boolean }
  | { kind: 'connection_lost'; billed: boolean }
  | { kind: 'body_hangs' }
  | { kind: 'malformed'; body: 'empty' | 'html' | 'cut_short' | 'other_shape' }
  | { kind: 'vectors'; wrong: WrongVectors }
  | BatchFault

/** What goes wrong with a batch after its creation was answered. */
export type BatchFault =
  | { kind: 'batch_fails'; code: string }
  /** Only this share of its requests, from 0 to 1, is done when the 24 hours are over. */
  | { kind: 'batch_expires'; finishedShare: number }
  /** Never leaves this state by itself; in `in_progress` half of the requests get done. */
  | { kind: 'batch_hangs'; status: 'validating' | 'in_progress' | 'finalizing' | 'cancelling' }
  | { kind: 'batch_output'; wrong: WrongOutput }

export type WrongOutput =
  | 'lines_missing'
  | 'line_repeated'
  | 'unknown_custom_id'
  | 'not_json'
  | 'other_shape'
  | 'cut_short'

export type WrongVectors =
  | 'missing'
  | 'extra'
  | 'repeated_index'
  | 'out_of_order'
  | 'not_finite'
  | 'wrong_size'
  | 'zero'

/** Each request has one of these faults with this probability; the seed decides which requests and which faults. */
export interface RandomFaults {
  probability: number
  seed: number
  faults: readonly [Fault, ...Fault[]]
}

export interface FaultSource {
  push(faults: readonly Fault[]): void
  /** The fault of the next request, of those that can hit a call of this name. */
  next(call: string): Fault | undefined
}

/** Whether a fault can hit a call: those of batches hit their creation, those of vectors the embeddings, the others any. */
export function canHit(kind: Fault['kind'], call: string): boolean {
  if (kind.startsWith('batch_')) return call === 'batch_create'
  return kind !== 'vectors' || call === 'embeddings'
}

export function isBatchFault(fault: Fault | undefined): fault is BatchFault {
  return fault?.kind.startsWith('batch_') ?? false
}

export function createFaultSource(random: RandomFaults | undefined): FaultSource {
  const queue: Fault[] = []
  let state = random?.seed ?? 0
  const fraction = () => {
    state = (state + 0x9e3779b9) | 0
    return (mix(state) >>> 0) / 2 ** 32
  }
  return {
    push: faults => void queue.push(...faults),
    next(call) {
      const place = queue.findIndex(({ kind }) => canHit(kind, call))
      const queued = place < 0 ? undefined : queue.splice(place, 1)[0]
      if (queued || !random || fraction() >= random.probability) return queued
      const drawn = random.faults[Math.floor(fraction() * random.faults.length)]
      return drawn && canHit(drawn.kind, call) ? drawn : undefined
    },
  }
}

/** The answer under a fault: another one, a spoilt one, none at all, or the plain one. */
export async function applyFault(
  fault: Fault | undefined,
  signal: AbortSignal,
  work: () => Promise<Answer>,
): Promise<Answer> {
  switch (fault?.kind) {
    case 'rate_limited':
      return errorAnswer(
        429,
        'Rate limit reached. Please slow down.',
        { type: 'requests', code: fault.code ?? 'rate_limit_exceeded' },
        retryHeaders(fault.retryAfterMs),
      )
    case 'quota_spent': {
      const code = fault.code ?? 'insufficient_quota'
      return errorAnswer(429, 'You exceeded your current quota, please check your plan and billing details.', {
        type: code,
        code,
      })
    }
    case 'server_error':
      return errorAnswer(
        fault.status,
        'The server had an error while processing your request. Sorry about that!',
        { type: 'server_error' },
        retryHeaders(fault.retryAfterMs),
      )
    case 'hang':
      if (fault.billed) await work()
      return untilAborted(signal)
    case 'connection_lost':
      if (fault.billed) await work()
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) })
    case 'body_hangs':
      return hangingBody(await asText(work), signal)
    case 'malformed':
      return malformed(await asText(work), fault.body)
    default:
      return work()
  }
}

/** Spoils the list as a whole, or the vector in its middle. */
export function spoilVectors<Item extends { index: number; vector: Float32Array }>(
  items: readonly Item[],
  wrong: WrongVectors,
): Item[] {
  const middle = Math.floor(items.length / 2)
  const change = (edit: (item: Item) => Partial<Item>) =>
    items.map((item, i) => (i === middle ? { ...item, ...edit(item) } : item))
  switch (wrong) {
    case 'missing':
      return items.filter((_, i) => i !== middle)
    case 'extra':
      return [...items, ...items.slice(-1)]
    case 'repeated_index':
      return change(item => ({ index: item.index === 0 ? items.length : item.index - 1 }) as Partial<Item>)
    case 'out_of_order':
      return items.toReversed()
    case 'not_finite':
      return change(item => ({ vector: item.vector.with(0, Number.NaN) }) as Partial<Item>)
    case 'wrong_size':
      return change(item => ({ vector: item.vector.slice(1) }) as Partial<Item>)
    case 'zero':
      return change(item => ({ vector: new Float32Array(item.vector.length) }) as Partial<Item>)
  }
}

type TextAnswer = Answer & { body: string }

/** The answer with its body in one piece; its length is not that of the spoilt one. */
async function asText(work: () => Promise<Answer>): Promise<TextAnswer> {
  const { status, headers, body } = await work()
  const { 'content-length': _, ...rest } = headers
  return { status, headers: rest, body: typeof body === 'string' ? body : await new Response(body).text() }
}

function malformed(answer: TextAnswer, body: 'empty' | 'html' | 'cut_short' | 'other_shape'): Answer {
  const bodies = {
    empty: '',
    html: '<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>',
    cut_short: answer.body.slice(0, -40),
    other_shape: '{"object":"list","embeddings":[]}',
  }
  return { ...answer, body: bodies[body] }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Sends half of the body and then nothing. */
function hangingBody(answer: TextAnswer, signal: AbortSignal): Answer {
  const bytes = new TextEncoder().encode(answer.body)
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, bytes.length / 2))
      signal.addEventListener('abort', () => controller.error(signal.reason), { once: true })
    },
  })
  return { ...answer, body }
}
