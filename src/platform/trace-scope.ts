import { AsyncLocalStorage } from 'node:async_hooks'

const scope = new AsyncLocalStorage<string>()

/** Runs `act` at this place of a trace: whatever it begins can ask where it is. */
export function atTraceparent<Result>(traceparent: string, act: () => Result): Result {
  return scope.run(traceparent, act)
}

/** Where we are; undefined outside of any trace. */
export function presentTraceparent(): string | undefined {
  return scope.getStore()
}

type Send = (request: Request) => Promise<Response>

/** Tells whoever gets the requests to which trace they belong. For services of our own: others learn nothing of ours. */
export function carryingTraceparent(send: Send): Send {
  return async request => {
    const traceparent = presentTraceparent()
    if (traceparent !== undefined) request.headers.set('traceparent', traceparent)
    return await send(request)
  }
}
