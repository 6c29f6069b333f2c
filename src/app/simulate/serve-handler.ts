import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

/** Serves a web-standard handler over HTTP. Its request aborts when the client goes away; a handler that rejects, or a body that fails, breaks the connection. */
export async function serveHandler(
  handle: (request: Request) => Promise<Response>,
  { host, port }: { host: string; port: number },
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => void answer(handle, incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const shown = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shown}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort(new Error('The client went away')))
  try {
    const { status, headers, body } = await handle(toRequest(incoming, gone.signal))
    outgoing.writeHead(status, Object.fromEntries(headers))
    // Piece by piece, so that what came before a break is sent before it.
    for await (const piece of body ?? []) await send(piece, outgoing)
    outgoing.end()
  } catch {
    outgoing.destroy()
  }
}

function send(piece: Uint8Array, outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(piece, error => (error ? reject(error) : resolve()))
  })
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const method = incoming.method ?? 'GET'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headersDistinct)) headers.set(name, (value ?? []).join(', '))
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url}`
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal })
  return new Request(url, { method, headers, signal, body: Readable.toWeb(incoming), duplex: 'half' } as RequestInit)
}
