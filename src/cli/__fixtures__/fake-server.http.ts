import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Problem } from '../../contract/problem.ts'

export interface FakeAnswer {
  status?: number
  body?: unknown
}
export type FakeRoutes = Record<
  string,
  (request: { query: URLSearchParams; path: string; form?: FormData; json?: unknown }) => FakeAnswer
>

/**
 * A server that answers by a table of `METHOD /path` (a path may end with `*`), for key `test-key`; it remembers the calls.
 * Uploads are read as real forms.
 */
export async function openFakeServer(routes: FakeRoutes) {
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const call = `${request.method} ${url.pathname}`
    calls.push(call)
    const { status = 200, body } = await answer(routes, call, request, url)
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' })
    response.end(status === 204 ? undefined : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url, apiKey: 'test-key', calls, close, [Symbol.asyncDispose]: close }
}

export function problem(status: number, code: Problem['code'], detail: string): FakeAnswer {
  const body: Problem = {
    type: 'about:blank',
    title: code,
    status,
    code,
    detail,
    action: `Do what ${code} asks.`,
    correlationId: 'cid-1',
  }
  return { status, body }
}

async function answer(routes: FakeRoutes, call: string, request: IncomingMessage, url: URL): Promise<FakeAnswer> {
  if (call === 'GET /healthz') return { body: { status: 'ok' } }
  if (request.headers.authorization !== 'Bearer test-key')
    return problem(401, 'unauthorized', 'The API key is unknown.')
  const route =
    routes[call] ??
    Object.entries(routes).find(([pattern]) => pattern.endsWith('*') && call.startsWith(pattern.slice(0, -1)))?.[1]
  if (!route) return problem(404, 'not_found', `There is no ${call}.`)
  const bytes = Buffer.concat(await Array.fromAsync(request))
  const type = request.headers['content-type'] ?? ''
  const base = { query: url.searchParams, path: url.pathname }
  if (type.startsWith('multipart/')) {
    return route({ ...base, form: await new Response(bytes, { headers: { 'content-type': type } }).formData() })
  }
  return route({ ...base, ...(bytes.length > 0 && { json: JSON.parse(bytes.toString()) }) })
}
