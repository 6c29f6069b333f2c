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
  /** Whose embeddings they are, real or simulated. */
  embedProvider: string
  /** Those that make vectors of this model and size. */
  embedIn(space: { model: string; dimensions: number }): readonly Provider<EmbedInput, EmbedOutput>[]
  simulator: OpenAiSimulator
}

const embedTimeoutMs = 60_000

/** A new provider is a line here: what it does, whether it is paid or only simulated, and what prices it. */
export function createProviders(configuration: Configuration, tools: ProviderTools): Providers {
  const price = priceOf(tools.prices, 'openai', 'embed')
  const simulator = createOpenAiSimulator({
    countTokens: tools.countTokens,
    price,
    nowMs: () => performance.now(),
    latencyMs: configuration.simulatedLatencyMs,
  })
  const simulated = (space: EmbedSize): Provider<EmbedInput, EmbedOutput> => ({
    provider: 'openai',
    model: space.model,
    paid: false,
    simulated: true,
    service: createOpenAiEmbeddings({
      ...space,
      apiKey: 'sk-simulated',
      baseUrl: 'https://api.openai.com/v1',
      simulated: true,
      timeoutMs: embedTimeoutMs,
      fetch: simulator.fetch,
      price,
    }),
  })
  checkKey(configuration)
  const priceParse = priceOf(tools.prices, 'llamaparse', 'parse')
  return {
    ...createParseProviders(configuration, { ...tools, price: priceParse }),
    embedProvider: 'openai',
    embedIn: space => [simulated(space), ...realEmbeddings(configuration, space, price)],
    simulator,
  }
}

type EmbedSize = Parameters<Providers['embedIn']>[0]

function checkKey({ embedMode, openAiApiKey }: Configuration): void {
  if (embedMode === 'real' && openAiApiKey === '')
    throw new AppError('configuration_invalid', 'SLUICE_EMBED_MODE is real, and OPENAI_API_KEY is not set.')
}

/** OpenAI itself, where its mode is `real`. */
function realEmbeddings(
  { embedMode, openAiApiKey, openAiBaseUrl }: Configuration,
  space: EmbedSize,
  price: PriceUnits,
): readonly Provider<EmbedInput, EmbedOutput>[] {
  if (embedMode === 'mock') return []
  const service = createOpenAiEmbeddings({
    ...space,
    apiKey: openAiApiKey,
    baseUrl: openAiBaseUrl,
    simulated: false,
    timeoutMs: embedTimeoutMs,
    price,
  })
  return [{ provider: 'openai', model: space.model, paid: true, simulated: false, service }]
}

/** Prices at the time of the call. */
function priceOf(prices: PriceList, provider: string, operation: ServiceName): PriceUnits {
  return (model, units) => priceUnits(prices, { provider, operation, model }, units, new Date())
}
