import { AsyncLocalStorage } from 'node:async_hooks'

/** Where in a trace something is done, and for which request. */
export interface TracePlace {
  traceparent: string
  correlationId?: string
}

const scope = new AsyncLocalStorage<TracePlace>()

/** Runs `act` at this place of a trace: whatever it begins can ask where it is. */
export function atTracePlace<Result>(place: TracePlace, act: () => Result): Result {
  return scope.run(place, act)
}

/** Where we are; undefined outside of any trace. */
export function presentTracePlace(): TracePlace | undefined {
  return scope.getStore()
}

type Send = (request: Request) => Promise<Response>

/** Tells whoever gets the requests to which trace they belong. For services of our own: others learn nothing of ours. */
export function carryingTraceparent(send: Send): Send {
  return async request => {
    const place = presentTracePlace()
    if (place) request.headers.set('traceparent', place.traceparent)
    return await send(request)
  }
}
