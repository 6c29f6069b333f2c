import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../contract/failure.ts'
import type { ParseOptions } from '../../../contract/parse-options.ts'
import type { ParseInput } from '../../../contract/parse-service.ts'
import type { PriceUnits } from '../../../contract/price-list.ts'
import type { Quote } from '../../../contract/service.ts'
import { createLlamaParse, type LlamaParseOptions } from '../parse-client.ts'
import { llamaParsePrices } from '../prices.ts'
import type { LlamaCloudSimulatorOptions } from '../simulator-options.ts'
import { setUpCloud } from './simulated-cloud.ts'

export const never = new AbortController().signal
export const apiKey = 'llx-secret-0123'

/** Prices pages by LlamaParse's list, whatever the day. */
export const listPrice: PriceUnits = (tier, pages) => {
  const price = llamaParsePrices.find(({ model }) => model === tier)
  if (!price) throw new AppError('call_unpriceable', `There is no price for the tier "${tier}".`)
  return BigInt(pages) * price.nanoUsd
}

/** Files on disk whose pages are the parts between form feeds. */
export function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-llamaparse-'))
  let written = 0
  return {
    write(pages: readonly string[], options: ParseOptions = {}, fileType: ParseInput['fileType'] = 'pdf'): ParseInput {
      const path = join(folder, `Salaries of our staff ${++written}`)
      const content = pages.join('\f')
      writeFileSync(path, content)
      return { documentId: `document-${written}`, path, fileType, byteCount: Buffer.byteLength(content), options }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export const basicOptions: LlamaParseOptions = {
  apiKey,
  baseUrl: 'https://api.cloud.llamaindex.ai',
  tier: 'cost_effective',
  simulated: false,
  price: listPrice,
  countPages: async () => 2,
  webhook: null,
  retention: 'keep',
  whenStuck: 'retry',
  deadline: { baseMs: 900_000, perPageMs: 20_000 },
  timeoutMs: 5000,
}

/** The client in front of a simulator on a clock that stands still; `calls` are the requests that left. */
export function setUpClient(client: Partial<LlamaParseOptions> = {}, server: Partial<LlamaCloudSimulatorOptions> = {}) {
  const { clock, simulator } = setUpCloud({ apiKey, ...server })
  const calls: Request[] = []
  const fetch = (request: Request) => {
    calls.push(request.clone() as Request)
    return simulator.fetch(request)
  }
  const service = createLlamaParse({ ...basicOptions, now: clock.now, fetch, ...client })
  const submit = async (input: ParseInput, callId = 'call-1', quote?: Quote) =>
    service.jobs.submit(input, { signal: never, callId, quote: quote ?? (await quoteOf(input)) })
  const quoteOf = async (input: ParseInput) => {
    const quote = await service.quote(input)
    if (!quote) throw new Error('LlamaParse always quotes.')
    return quote
  }
  const collect = (id: string, input: ParseInput) => service.jobs.collect(id, input, { signal: never })
  /** Hands over, lets the job end, and collects. */
  const parse = async (input: ParseInput) => {
    const { remoteId } = await submit(input)
    await clock.advance(60_000)
    return collect(remoteId, input)
  }
  const configuration = async () => {
    const upload = calls.find(({ url }) => url.endsWith('/upload'))
    return JSON.parse(String((await upload?.formData())?.get('configuration')))
  }
  return { clock, simulator, calls, service, submit, quoteOf, collect, parse, configuration }
}
