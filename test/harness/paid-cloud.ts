import { setTimeout as sleep } from 'node:timers/promises'
import { createLlamaCloudSimulator, type LlamaCloudSimulator } from '../../src/providers/llamaparse/simulator.ts'
import type { LlamaCloudSimulatorOptions } from '../../src/providers/llamaparse/simulator-options.ts'
import { serveHandler } from './serve-handler.ts'

/** LlamaCloud, simulated behind a socket: a server under test takes it for the real one, and what it charges counts as real money. */
export interface PaidCloud {
  simulator: LlamaCloudSimulator
  url: string
  /** Settings by which a server parses here for money. */
  environment: Record<string, string>
  /** Where webhooks are brought to, whatever public address they are sent to; null: nowhere. */
  webhooksTo: string | null
  /** Answers everything with 503, or nothing before it is over, and counts the uploads that it was asked for meanwhile. */
  outage: { kind: 'down' | 'hangs'; uploads: number } | null
  /** Called when an upload has been taken, and before it is answered. */
  beforeUploadIsAnswered: (() => Promise<void>) | null
  close(): Promise<void>
}

export const cloudKey = 'llx-test-key'
export const webhookSecret = 'whsec-of-the-test'
/** One credit. */
export const creditNanoUsd = 1_250_000n

/** A document's pages are what stands between form feeds; a file that holds `fail: <failure code>` alone cannot be parsed. */
export async function startPaidCloud(options: Partial<LlamaCloudSimulatorOptions> = {}): Promise<PaidCloud> {
  const simulator = createLlamaCloudSimulator({
    parse: async bytes => {
      const pages = new TextDecoder().decode(bytes).split('\f')
      return { pages: pages.map((markdown, i) => ({ pageNumber: i + 1, markdown })) }
    },
    apiKey: cloudKey,
    timing: { pendingMs: 10, runningMs: 20, msPerPage: 1 },
    deliver: async request => {
      if (cloud.webhooksTo === null) throw new Error('nobody is there')
      const to = new URL(new URL(request.url).pathname, cloud.webhooksTo)
      return await fetch(new Request(to, request))
    },
    ...options,
  })
  const { url, close } = await serveHandler(async request => {
    if (cloud.outage) {
      if (request.url.endsWith('/upload')) cloud.outage.uploads++
      if (cloud.outage.kind === 'down') return Response.json({ detail: 'Service Unavailable' }, { status: 503 })
      while (cloud.outage && !request.signal.aborted) await sleep(50)
    }
    const response = await simulator.fetch(request)
    if (request.url.endsWith('/upload')) await cloud.beforeUploadIsAnswered?.()
    return response
  })
  const cloud: PaidCloud = {
    simulator,
    url,
    webhooksTo: null,
    outage: null,
    beforeUploadIsAnswered: null,
    environment: { SLUICE_PARSE_MODE: 'real', LLAMA_CLOUD_API_KEY: cloudKey, LLAMA_CLOUD_BASE_URL: url },
    async close() {
      await simulator.close()
      await close()
    },
  }
  return cloud
}
