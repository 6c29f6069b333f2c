import { type Answer, answerWith, refuse } from './simulator-answer.ts'
import type { ReadyFault } from './simulator-faults.ts'
import { refuseUpload } from './simulator-rate-limit.ts'

/** What the request under a fault is: its abort, and an id for the support. */
interface FaultyRequest {
  signal: AbortSignal
  correlationId: string
}

/** The answer under a fault: another one, a spoilt one, none at all, or the plain one. */
export async function applyFault(
  fault: ReadyFault | undefined,
  request: FaultyRequest,
  work: () => Promise<Answer>,
): Promise<Answer> {
  switch (fault?.kind) {
    case 'rate_limited':
      return refuseUpload({ requests: 50, windowMs: 10_000 })
    case 'credits_spent':
      return refuseUnpaid()
    case 'server_error':
      if (fault.done) await work()
      return serverError(fault.status, request.correlationId)
    case 'connection_lost':
      if (fault.done) await work()
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) })
    case 'hang':
      if (fault.done) await work()
      return untilAborted(request.signal)
    case 'body_breaks':
      return halfBody(await work(), request.signal, true)
    case 'body_hangs':
      return halfBody(await work(), request.signal, false)
    case 'malformed':
      return malformed(await work(), fault.body)
    default:
      return work()
  }
}

/** What LlamaCloud says when the credits are used up (documented). */
export function refuseUnpaid(): Answer {
  return refuse(402, "You've exceeded the maximum number of credits for your plan.")
}

/** A 500 as users report it (run-llama/llama_cloud_services #1060); what stands before the service answers 502 and above with a page (a guess). */
export function serverError(status: number, correlationId: string): Answer {
  if (status > 501) {
    const title = `${status} Server Error`
    return { status, body: `<html><head><title>${title}</title></head></html>`, contentType: 'text/html' }
  }
  return refuse(
    status,
    `Oops! Something went wrong on our end. Please try again in a few minutes. If the problem persists, please contact support by clicking the chat icon on cloud.llamaindex.ai providing this correlation ID: ${correlationId}`,
  )
}

function malformed(answer: Answer, body: 'empty' | 'html' | 'cut_short' | 'other_shape'): Answer {
  switch (body) {
    case 'empty':
      return { ...answer, body: '' }
    case 'html':
      return { ...answer, body: '<html><body>cloudflare</body></html>', contentType: 'text/html' }
    case 'cut_short':
      return { ...answer, body: String(answer.body).slice(0, -20) }
    case 'other_shape':
      return answerWith({ result: { jobs: [] } }, answer.status)
  }
}

/** Settles when the request is aborted, with its reason. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Sends half of the body, and then breaks off or says nothing more. */
function halfBody(answer: Answer, signal: AbortSignal, breaks: boolean): Answer {
  const bytes = new TextEncoder().encode(String(answer.body))
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!sent) controller.enqueue(bytes.subarray(0, bytes.length / 2))
      else if (breaks) controller.error(new TypeError('terminated', { cause: new Error('other side closed') }))
      else return untilAborted(signal).catch(reason => controller.error(reason))
      sent = true
    },
  })
  return { ...answer, body }
}
