import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { nextTraceContext, readTraceparent, writeTraceparent } from '../../contract/trace-context.ts'
import { atTraceparent } from '../../platform/trace-scope.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Where in a trace the request is: below the sender's, if it named one. */
    traceparent: string
  }
}

const randomHex = (bytes: number) => randomBytes(bytes).toString('hex')

/** Every request is part of a trace, whose id stands in the log beside the correlation id. */
export function traceRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { traceparent: header } = request.headers
    const place = nextTraceContext(readTraceparent(typeof header === 'string' ? header : undefined), randomHex)
    request.traceparent = writeTraceparent(place)
    request.log = request.log.child({ traceId: place.traceId })
    atTraceparent(request.traceparent, done)
  })
  server.addHook('onResponse', async (request, { statusCode: status, elapsedTime }) => {
    const { method, routeOptions } = request
    request.log.debug({ method, route: routeOptions.url, status, ms: Math.round(elapsedTime) }, 'request answered')
  })
}
