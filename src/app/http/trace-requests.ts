import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { readTraceparent } from '../../contract/trace-context.ts'
import { atTracePlace } from '../../platform/trace-scope.ts'
import { createSilentTracing, type OpenSpan, type Tracing } from '../../tracing/tracing.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Where in a trace the request is: below the sender's, if it named one. */
    traceparent: string
  }
}

/** Every request is part of a trace, whose id stands in the log beside the correlation id. Those that only look begin no trace. */
export function traceRequests(server: FastifyInstance, tracing: Tracing): void {
  const silent = createSilentTracing(bytes => randomBytes(bytes).toString('hex'))
  const spans = new WeakMap<object, OpenSpan>()
  server.addHook('onRequest', (request, _reply, done) => {
    const { method, routeOptions, headers, id } = request
    const parent = typeof headers.traceparent === 'string' ? headers.traceparent : null
    const begins = method !== 'GET' || readTraceparent(parent) !== null
    const facts = { 'http.request.method': method, 'http.route': routeOptions.url, 'sluice.correlation_id': id }
    const name = `${method} ${routeOptions.url ?? ''}`.trim()
    const span = (begins ? tracing : silent).begin(name, 'server', parent, facts)
    spans.set(request, span)
    request.traceparent = span.traceparent
    request.log = request.log.child({ traceId: readTraceparent(span.traceparent)?.traceId })
    atTracePlace({ traceparent: span.traceparent, correlationId: id }, done)
  })
  server.addHook('onResponse', async (request, { statusCode: status, elapsedTime }) => {
    const { method, routeOptions } = request
    const failure = status >= 500 ? String(status) : undefined
    spans.get(request)?.end({ 'http.response.status_code': status }, failure)
    request.log.debug({ method, route: routeOptions.url, status, ms: Math.round(elapsedTime) }, 'request answered')
  })
}
