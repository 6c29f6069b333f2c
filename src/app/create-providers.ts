import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import { AppError } from '../contract/failure.ts'
import type { PriceList, PriceUnits } from '../contract/price-list.ts'
import type { ServiceName } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import { priceUnits } from '../ledger/price-units.ts'
import type { ChildPool } from '../platform/child-pool.ts'
import type { Database } from '../platform/database.ts'
import { createOpenAiEmbeddings } from '../providers/openai/embeddings-client.ts'
import { createOpenAiSimulator, type OpenAiSimulator } from '../providers/openai/simulator.ts'
import { createParseProviders, type ParseProviders } from './create-parse-providers.ts'
import type { Provider } from './provider.ts'
import type { Configuration } from './settings.ts'

export interface ProviderTools {
  database: Database<Tables>
  pool: ChildPool
  prices: PriceList
  countTokens(text: string): number
}

/** Every provider that could take a call, by service; the router chooses among them. */
export interface Providers extends ParseProviders {
  embed: readonly Provider<EmbedInput, EmbedOutput>[]
  simulator: OpenAiSimulator
}

const embedTimeoutMs = 60_000

/** A new provider is a line here: what it does, whether it is paid or only simulated, and what prices it. */
export function createProviders(configuration: Configuration, tools: ProviderTools): Providers {
  const { embedModel: model, embedDimensions: dimensions } = configuration
  const price = priceOf(tools.prices, 'openai', 'embed')
  const simulator = createOpenAiSimulator({
    countTokens: tools.countTokens,
    price,
    nowMs: () => performance.now(),
    latencyMs: configuration.simulatedLatencyMs,
  })
  const simulatedEmbeddings = createOpenAiEmbeddings({
    apiKey: 'sk-simulated',
    baseUrl: 'https://api.openai.com/v1',
    model,
    dimensions,
    simulated: true,
    timeoutMs: embedTimeoutMs,
    fetch: simulator.fetch,
    price,
  })
  const priceParse = priceOf(tools.prices, 'llamaparse', 'parse')
  return {
    ...createParseProviders(configuration, { ...tools, price: priceParse }),
    embed: [
      { provider: 'openai', model, paid: false, simulated: true, service: simulatedEmbeddings },
      ...realEmbeddings(configuration, price),
    ],
    simulator,
  }
}

/** OpenAI itself, where its mode is `real`. Throws `configuration_invalid` when the key is missing. */
function realEmbeddings(configuration: Configuration, price: PriceUnits): Providers['embed'] {
  const { embedMode, openAiApiKey, openAiBaseUrl, embedModel: model, embedDimensions: dimensions } = configuration
  if (embedMode === 'mock') return []
  if (openAiApiKey === '')
    throw new AppError('configuration_invalid', 'SLUICE_EMBED_MODE is real, and OPENAI_API_KEY is not set.')
  const service = createOpenAiEmbeddings({
    apiKey: openAiApiKey,
    baseUrl: openAiBaseUrl,
    model,
    dimensions,
    simulated: false,
    timeoutMs: embedTimeoutMs,
    price,
  })
  return [{ provider: 'openai', model, paid: true, simulated: false, service }]
}

/** Prices at the time of the call. */
function priceOf(prices: PriceList, provider: string, operation: ServiceName): PriceUnits {
  return (model, units) => priceUnits(prices, { provider, operation, model }, units, new Date())
}
