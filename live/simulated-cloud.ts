import type { createLlamaCloudSimulator } from '../src/providers/llamaparse/simulator.ts'
import type { LlamaCloudSimulatorOptions } from '../src/providers/llamaparse/simulator-options.ts'
import { serveHandler } from '../test/harness/serve-handler.ts'

/** LlamaCloud's simulator on a port of this machine, which reads the PDFs that the journeys and observations send. */
export async function createPdfSimulator(
  create: typeof createLlamaCloudSimulator,
  {
    adapt = handle => handle,
    ...options
  }: Partial<LlamaCloudSimulatorOptions> & {
    adapt?: (handle: (request: Request) => Promise<Response>) => (request: Request) => Promise<Response>
  } = {},
) {
  const apiKey = 'llx-simulated'
  const simulator = create({
    parse: readPages,
    apiKey,
    timing: { pendingMs: 0, runningMs: 5, msPerPage: 1 },
    ...options,
  })
  const { url, close } = await serveHandler(adapt(simulator.fetch))
  return {
    simulator,
    baseUrl: url,
    apiKey,
    nonce: '',
    async close() {
      await simulator.close()
      await close()
    },
  }
}

/** The pages of a PDF whose content streams are not compressed: what is drawn by `(…) Tj`. */
async function readPages(bytes: Uint8Array): Promise<{ pages: { pageNumber: number; markdown: string }[] }> {
  const streams = new TextDecoder('latin1').decode(bytes).match(/stream\n[\s\S]*?\nendstream/g) ?? []
  const pages = streams.map((stream, i) => {
    const lines = [...stream.matchAll(/\(((?:\\.|[^\\)])*)\) Tj/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'))
    return { pageNumber: i + 1, markdown: lines.join('\n') }
  })
  return { pages }
}
