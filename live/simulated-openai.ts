import { createTokenCounter } from '../src/chunk/count-tokens.ts'
import { priceUnits } from '../src/ledger/price-units.ts'
import { openAiPrices } from '../src/providers/openai/prices.ts'
import { createOpenAiSimulator } from '../src/providers/openai/simulator.ts'
import { serveHandler } from '../test/harness/serve-handler.ts'

type Handle = (request: Request) => Promise<Response>

/** OpenAI's simulator on a port of this machine, with our tokenizer and OpenAI's list prices. */
export async function serveSimulatedOpenAi(adapt: (handle: Handle) => Handle = handle => handle) {
  const counter = createTokenCounter()
  const prices = openAiPrices.map(price => ({ ...price, origin: 'built-in' as const }))
  const apiKey = 'sk-simulated'
  const simulator = createOpenAiSimulator({
    countTokens: text => counter.count(text),
    price: (model, units) => priceUnits(prices, { provider: 'openai', operation: 'embed', model }, units, new Date()),
    nowMs: () => performance.now(),
    apiKey,
  })
  const { url, close } = await serveHandler(adapt(simulator.fetch))
  return { simulator, baseUrl: `${url}/v1`, apiKey, nonce: '', close }
}
