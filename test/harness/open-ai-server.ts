import { createTokenCounter } from '../../src/chunk/count-tokens.ts'
import { createOpenAiSimulator, type OpenAiSimulator } from '../../src/providers/openai/simulator.ts'
import { serveHandler } from './serve-handler.ts'

/** OpenAI, simulated behind a socket: a server under test takes it for the real one. */
export interface OpenAiServer {
  simulator: OpenAiSimulator
  /** Settings by which a server embeds here for money. */
  environment: Record<string, string>
  /** Answers everything with 503, or not at all, and counts the requests for embeddings meanwhile. */
  outage: { kind: 'down' | 'hangs'; requests: number } | null
  /** Requests whose body has this text are answered with 500. */
  poison: string | null
  close(): Promise<void>
}

export async function startOpenAiServer(): Promise<OpenAiServer> {
  const counter = createTokenCounter()
  const simulator = createOpenAiSimulator({
    countTokens: text => counter.count(text),
    price: (_model, tokens) => BigInt(tokens) * 20n,
    nowMs: () => performance.now(),
  })
  const { url, close } = await serveHandler(async request => {
    const isEmbeddings = request.url.endsWith('/embeddings')
    if (server.outage) {
      if (isEmbeddings) server.outage.requests++
      if (server.outage.kind === 'hangs')
        await new Promise(resolve => request.signal.addEventListener('abort', resolve))
      return Response.json({ error: { message: 'down', type: 'server_error', code: null } }, { status: 503 })
    }
    if (isEmbeddings && server.poison !== null && (await request.clone().text()).includes(server.poison))
      return Response.json({ error: { message: 'oops', type: 'server_error', code: null } }, { status: 500 })
    if (request.url.endsWith('/models')) return Response.json({ object: 'list', data: [] })
    return await simulator.fetch(request)
  })
  const server: OpenAiServer = {
    simulator,
    outage: null,
    poison: null,
    environment: { SLUICE_EMBED_MODE: 'real', OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${url}/v1` },
    close,
  }
  return server
}
