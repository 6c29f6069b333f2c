import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createTokenCounter } from '../chunk/count-tokens.ts'
import { AppError } from '../contract/failure.ts'
import type { DirectParseService } from '../contract/parse-service.ts'
import type { RunningSimulators, SimulatedRequest, SimulatorsWish } from '../contract/simulators.ts'
import { priceUnits } from '../ledger/price-units.ts'
import { createChildPool } from '../platform/child-pool.ts'
import { siblingModule } from '../platform/sibling-module.ts'
import { createLocalParser } from '../providers/local/local-parser.ts'
import { createOpenAiSimulator } from '../providers/openai/simulator.ts'
import { createSimulatedCloud } from './create-simulated-cloud.ts'
import { createTokenDecoder } from './create-token-decoder.ts'
import { loadPriceList } from './load-price-list.ts'
import { readConfiguration } from './read-configuration.ts'
import type { Configuration } from './settings.ts'
import { answerControl } from './simulate/control.ts'
import { createLlamaCloudFaults } from './simulate/faulty-llama-cloud.ts'
import { createFaultyOpenAi } from './simulate/faulty-openai.ts'
import { type FaultRates, type Faults, readFaultRates } from './simulate/read-faults.ts'
import { serveHandler } from './simulate/serve-handler.ts'

type Note = (faults: readonly string[]) => void

/**
 * Serves the simulators of LlamaCloud (at the root) and of OpenAI (under `/v1`) on one port, for any program. Files are really parsed, in child
 * processes, with the limits of the environment's settings. Throws `validation_failed` for faults that there are not, `configuration_invalid`, and `server_unreachable` when
 * the port cannot be listened on.
 */
export async function startSimulators(
  wish: SimulatorsWish,
  environment: Record<string, string | undefined>,
): Promise<RunningSimulators> {
  const configuration = readConfiguration(environment)
  const rates = readFaultRates(wish.faultRates, wish.faultFile)
  const openAi = await startOpenAi(wish, rates.openai, configuration)
  const pool = createChildPool({
    modulePath: fileURLToPath(siblingModule(import.meta.url, 'child')),
    size: configuration.parseProcesses || availableParallelism(),
    memoryLimitMb: configuration.parseMemoryMb,
  })
  const parser = createLocalParser({ pool, ...parserSettings(configuration) })
  const cloud = startLlamaCloud(wish, rates.llamaparse, parser)
  const counters = () => ({ llamaparse: cloud.counters(), openai: openAi.counters() })
  const control = {
    apiKey: wish.apiKey,
    counters,
    inject({ llamaparse, openai }: Faults) {
      cloud.push(llamaparse)
      openAi.push(openai)
    },
  }
  const handle = (request: Request) => {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/sluice/')) return answerControl(request, control)
    const first = wish.answerFirst?.(request) ?? null
    if (first !== null) return Promise.resolve(first)
    if (pathname.startsWith('/v1/')) return told('openai', request, wish, note => openAi.fetch(request, note))
    return told('llamaparse', request, wish, note => cloud.fetch(request, note))
  }
  const close = async () => {
    await cloud.close()
    await pool.close()
  }
  const server = await listen(handle, wish, close)
  return {
    url: server.url,
    counters,
    async close() {
      await server.close()
      await close()
    },
  }
}

async function listen(
  handle: (request: Request) => Promise<Response>,
  { host, port }: SimulatorsWish,
  cleanUp: () => Promise<void>,
) {
  try {
    return await serveHandler(handle, { host, port })
  } catch (error) {
    await cleanUp()
    const message = `Port ${port} of ${host} cannot be used: ${(error as Error).message}.`
    throw new AppError('server_unreachable', message, { cause: error })
  }
}

function startLlamaCloud(wish: SimulatorsWish, rates: FaultRates['llamaparse'], parser: DirectParseService) {
  const faults = createLlamaCloudFaults(rates, wish.seed)
  const simulator = createSimulatedCloud(parser, {
    seed: wish.seed,
    latency: wish.latency,
    billingDelayMs: wish.billingDelayMs,
    allowsPrivateWebhooks: wish.allowsPrivateWebhooks,
    ...(wish.credits !== undefined && { creditsLeft: wish.credits }),
    ...(wish.apiKey !== undefined && { apiKey: wish.apiKey }),
  })
  return {
    push: faults.push,
    counters: () => ({ ...simulator.counters(), faults: faults.counters() }),
    close: simulator.close,
    fetch(request: Request, note: Note) {
      const faulted = faults.choose(request)
      note(faulted.faults)
      return simulator.fetch(faulted.request)
    },
  }
}

async function startOpenAi(wish: SimulatorsWish, rates: FaultRates['openai'], configuration: Configuration) {
  const prices = await loadPriceList(configuration.priceList)
  const counter = createTokenCounter()
  const simulator = createOpenAiSimulator({
    countTokens: text => counter.count(text),
    decodeTokens: createTokenDecoder(),
    price: (model, tokens) => priceUnits(prices, { provider: 'openai', operation: 'embed', model }, tokens, new Date()),
    nowMs: () => performance.now(),
    usageDelayMs: wish.billingDelayMs,
    ...(wish.apiKey !== undefined && { apiKey: wish.apiKey }),
  })
  const faulty = createFaultyOpenAi(simulator, { rates, seed: wish.seed, latency: wish.latency })
  const counters = () => {
    const { chargedNanoUsd, ...counts } = simulator.counters()
    return { ...counts, chargedNanoUsd: String(chargedNanoUsd), faults: faulty.counters() }
  }
  return { fetch: faulty.fetch, push: faulty.push, counters }
}

/** Tells of the request once its answer begins or its connection breaks. */
async function told(
  service: SimulatedRequest['service'],
  { method, url }: Request,
  { onRequest }: SimulatorsWish,
  answer: (note: Note) => Promise<Response>,
): Promise<Response> {
  const startedAt = performance.now()
  let faults: readonly string[] = []
  const tell = (status: number | null) =>
    onRequest({
      service,
      method,
      path: new URL(url).pathname,
      status,
      durationMs: performance.now() - startedAt,
      faults,
    })
  try {
    const response = await answer(kinds => {
      faults = kinds
    })
    tell(response.status)
    return response
  } catch (error) {
    tell(null)
    throw error
  }
}

function parserSettings(configuration: Configuration) {
  const { parseTimeoutMs: timeoutMs, parseMemoryMb: memoryMb, maxUnpackedBytes, maxTextBytes, ocr } = configuration
  return { ocr, limits: { timeoutMs, memoryMb, maxUnpackedBytes, maxTextBytes } }
}
