/**
 * A parser that is paid, for tests of what becomes of money: it charges for every request that it takes, keeps each result under the
 * call's id, and can be asked for it later, as LlamaParse can. The parsing itself is left to the local parser of the server that
 * calls it; what counts here is the charge.
 */
import type { Providers } from '../../src/app/create-providers.ts'
import { AppError } from '../../src/contract/failure.ts'
import type { DirectParseService, ParseOutput } from '../../src/contract/parse-service.ts'
import { serveHandler } from './serve-handler.ts'

export const pagePriceNanoUsd = 10_000_000n

export interface PaidParser {
  url: string
  /** The documents of all requests that were charged, in their order. */
  charges(): string[]
  /** Called when a request has been charged and before it is answered. */
  onCharged: (() => void | Promise<void>) | null
  /** Whether it says what became of a call; else it says that it does not know yet. */
  tells: boolean
  close(): Promise<void>
}

/** The provider's side, in the process of the test. */
export async function startPaidParser(): Promise<PaidParser> {
  const charged: string[] = []
  const results = new Map<string, string>()
  const handle = async (request: Request): Promise<Response> => {
    const callId = new URL(request.url).pathname.slice(1)
    if (request.method === 'GET') {
      if (!parser.tells) return new Response('later', { status: 503 })
      return new Response(results.get(callId) ?? '', { status: results.has(callId) ? 200 : 404 })
    }
    const body = await request.text()
    charged.push((JSON.parse(body) as { documentId: string }).documentId)
    results.set(callId, body)
    await parser.onCharged?.()
    return new Response(body)
  }
  const { url, close } = await serveHandler(handle)
  const parser: PaidParser = { url, charges: () => [...charged], onCharged: null, tells: true, close }
  return parser
}

/** The client's side: puts the paid parser before the local one, which does its work. */
export function withPaidParser(providers: Providers, url: string): Providers {
  const local = providers.localParser
  const price = (units: number) => {
    const cost = BigInt(units) * pagePriceNanoUsd
    return { units, costNanoUsd: cost, shadowNanoUsd: cost }
  }
  const result = (body: string) => {
    const { output } = JSON.parse(body) as { output: ParseOutput }
    return { output, usage: price(output.pages.length) }
  }
  const service: DirectParseService = {
    quote: () => price(1),
    price,
    variant: input => `counter/${local.variant(input)}`,
    async call(input, options) {
      const { output } = await local.call(input, options)
      const body = JSON.stringify({ documentId: input.documentId, output })
      try {
        const response = await fetch(`${url}/${options.callId}`, { method: 'POST', body, signal: options.signal })
        return result(await response.text())
      } catch (error) {
        throw new AppError('call_outcome_unknown', 'The connection broke off.', { cause: error })
      }
    },
    async find(_input, callId) {
      const response = await fetch(`${url}/${callId}`)
      if (response.status === 404) return 'not_charged'
      return response.ok ? result(await response.text()) : 'unknown'
    },
  }
  const paid = { provider: 'counter', model: 'counter', paid: true, simulated: false, standIn: false, service }
  return { ...providers, parse: [paid, ...providers.parse] }
}
