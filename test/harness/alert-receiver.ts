import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TakenLetter {
  path: string
  headers: Record<string, string>
  body: string
}

export interface AlertReceiver {
  url: string
  letters: TakenLetter[]
  /** What it answers with from now on. */
  status: number
  close(): Promise<void>
}

/** Somebody who is told alerts over HTTP. */
export async function startAlertReceiver(): Promise<AlertReceiver> {
  const letters: TakenLetter[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    letters.push({ path: request.url ?? '', headers, body: Buffer.concat(parts).toString() })
    response.writeHead(receiver.status).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const receiver: AlertReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letters,
    status: 204,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return receiver
}
