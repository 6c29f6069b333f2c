import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { MeteredService } from '../contract/metered-service.ts'
import type { ParseInput, ParseOutput } from '../contract/parse-service.ts'
import type { Mode, ServiceName, VectorSpace } from '../contract/provenance.ts'
import { metered } from '../ledger/metered.ts'
import { shadowPriced } from '../ledger/shadow-priced.ts'
import type { ChildPool } from '../platform/child-pool.ts'
import { pricePage } from '../providers/llamaparse/prices.ts'
import { createLocalParser } from '../providers/local/local-parser.ts'
import { createOpenAiEmbeddings } from '../providers/openai/embeddings-client.ts'
import { createOpenAiSimulator, type OpenAiSimulator } from '../providers/openai/simulator.ts'
import { routed } from '../router/routed.ts'
import type { Configuration } from './settings.ts'

export interface Services {
  parse: MeteredService<ParseInput, ParseOutput>
  /** Names what a parse result depends on. */
  parseSettingsKey: string
  embed: MeteredService<EmbedInput, EmbedOutput>
  space: VectorSpace & { spaceId: string }
  describe(): { service: ServiceName; mode: Mode; providers: string[] }[]
  simulator: OpenAiSimulator
}

export interface ServiceTools {
  pool: ChildPool
  countTokens(text: string): number
  newId(): string
}

/** The tier that a local parse is compared with when it is priced. */
const comparedTier = 'cost_effective'
const localParserVersion = '1'
const embedTimeoutMs = 60_000

/** Builds providers and wraps each service once: metered(routed(providers)). The only mode so far is `mock`. */
export function createServices(configuration: Configuration, tools: ServiceTools): Services {
  const mode = (): Mode => 'mock'
  const { embedModel: model, embedDimensions: dimensions } = configuration
  const simulator = createOpenAiSimulator({
    countTokens: tools.countTokens,
    nowMs: () => performance.now(),
    latencyMs: configuration.simulatedLatencyMs,
  })
  const parsers = [
    {
      provider: 'local',
      model: localParserVersion,
      paid: false,
      simulated: false,
      service: createParser(configuration, tools),
    },
  ]
  const embedders = [
    {
      provider: 'openai',
      model,
      paid: false,
      simulated: true,
      service: createOpenAiEmbeddings({
        apiKey: 'sk-simulated',
        baseUrl: 'https://api.openai.com/v1',
        model,
        dimensions,
        simulated: true,
        timeoutMs: embedTimeoutMs,
        fetch: simulator.fetch,
      }),
    },
  ]
  const space = { provider: 'openai', model, dimensions, revision: '1', simulated: true }
  return {
    parse: metered('parse', routed('parse', parsers, mode), tools.newId),
    parseSettingsKey: `local/${localParserVersion};ocr=${configuration.ocr}`,
    embed: metered('embed', routed('embed', embedders, mode), tools.newId),
    space: { ...space, spaceId: `simulated-openai-${model}-${dimensions}-1` },
    describe: () => [
      { service: 'parse', mode: mode(), providers: parsers.map(p => `${p.provider} (free, local)`) },
      { service: 'embed', mode: mode(), providers: embedders.map(e => `${e.provider} ${e.model} (simulated)`) },
    ],
    simulator,
  }
}

function createParser(configuration: Configuration, { pool }: ServiceTools) {
  const parser = createLocalParser({
    pool,
    ocr: configuration.ocr,
    limits: {
      timeoutMs: configuration.parseTimeoutMs,
      memoryMb: configuration.parseMemoryMb,
      maxUnpackedBytes: configuration.maxUnpackedBytes,
      maxTextBytes: configuration.maxTextBytes,
    },
  })
  return shadowPriced(parser, pricePage(comparedTier))
}
