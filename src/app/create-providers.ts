import { hash } from 'node:crypto'
import type { EmbedBatchInput, EmbedBatchOutput } from '../contract/embed-batch-service.ts'
import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { PriceList, PriceUnits } from '../contract/price-list.ts'
import type { ServiceName } from '../contract/provenance.ts'
import type { Tables } from '../contract/tables.ts'
import { priceUnits } from '../ledger/price-units.ts'
import { type AccountLimiter, createAccountLimiter } from '../limits/account-limiter.ts'
import type { ChildPool } from '../platform/child-pool.ts'
import type { Database } from '../platform/database.ts'
import { createOpenAiBatches } from '../providers/openai/batch-client.ts'
import { createOpenAiEmbeddings } from '../providers/openai/embeddings-client.ts'
import { mostTokensOf } from '../providers/openai/endpoint-profile.ts'
import { createOpenAiSimulator, type OpenAiSimulator } from '../providers/openai/simulator.ts'
import { type Cassettes, createCassettes, replayedName } from './create-cassettes.ts'
import { createParseProviders, type ParseProviders } from './create-parse-providers.ts'
import { createEmbedEndpoint } from './embed-endpoint.ts'
import type { Provider } from './provider.ts'
import type { Configuration } from './settings.ts'
import { fetchFor } from './trusted-fetch.ts'

export interface ProviderTools {
  database: Database<Tables>
  pool: ChildPool
  prices: PriceList
  countTokens(text: string): number
  onError(error: unknown): void
}

/** Every provider that could take a call, by service; the router chooses among them. */
export interface Providers extends ParseProviders {
  /** Whose embeddings they are, real or simulated. */
  embedProvider: string
  /** Whose embeddings are simulated. */
  simulatedEmbedProvider: string
  /** Whether somebody makes embeddings that are not simulated. */
  hasRealEmbeddings: boolean
  /** Those that make vectors of this model and size. */
  embedIn(space: { model: string; dimensions: number }): readonly Provider<EmbedInput, EmbedOutput>[]
  /** Those that make them within a day for half the price; nobody where the provider has no such thing. */
  embedBatchesIn(space: { model: string; dimensions: number }): readonly Provider<EmbedBatchInput, EmbedBatchOutput>[]
  /** The most tokens, as that provider counts, that so many of ours in so many texts can be. */
  mostEmbedTokens(tokens: number, texts: number): number
  /** The limiters of this process, by account. */
  limiters(): readonly AccountLimiter[]
  simulator: OpenAiSimulator
}

const embedTimeoutMs = 60_000

/** A new provider is a line here: what it does, whether it is paid or only simulated, and what prices it. */
export function createProviders(configuration: Configuration, tools: ProviderTools): Providers {
  const price = priceOf(tools.prices, 'openai', 'embed')
  const cassettes = createCassettes(configuration, tools.countTokens)
  const simulator = createOpenAiSimulator({
    countTokens: tools.countTokens,
    price,
    nowMs: () => performance.now(),
    latencyMs: configuration.simulatedLatencyMs,
  })
  const client = {
    apiKey: 'sk-simulated',
    baseUrl: 'https://api.openai.com/v1',
    simulated: true,
    timeoutMs: embedTimeoutMs,
    fetch: cassettes.replayed ?? simulator.fetch,
    price,
  }
  const simulatedEmbedProvider = replayedName('openai', cassettes)
  const who = { provider: simulatedEmbedProvider, paid: false, simulated: true, standIn: false } as const
  const real = createRealEmbeddings(configuration, tools, cassettes.recorded)
  const priceParse = priceOf(tools.prices, 'llamaparse', 'parse')
  return {
    ...createParseProviders(configuration, { ...tools, cassettes, price: priceParse }),
    embedProvider: real?.provider ?? 'openai',
    simulatedEmbedProvider,
    hasRealEmbeddings: real !== null,
    embedIn: space => [
      { ...who, model: space.model, service: createOpenAiEmbeddings({ ...space, ...client }) },
      ...(real ? [real.embedIn(space)] : []),
    ],
    embedBatchesIn: space => [
      { ...who, model: space.model, service: createOpenAiBatches({ ...space, ...client }) },
      ...(real?.embedBatchesIn(space) ?? []),
    ],
    mostEmbedTokens: real?.mostTokens ?? (tokens => tokens),
    limiters: () => [...(real?.limiters() ?? [])],
    simulator,
  }
}

type EmbedSize = Parameters<Providers['embedIn']>[0]

const requestsAtOnce = 16
/** A request that has to wait longer for its turn gives its place back; its job is tried again when there is room. */
const limiterPatienceMs = 5_000

interface RealEmbeddings {
  provider: string
  mostTokens(tokens: number, texts: number): number
  limiters(): Iterable<AccountLimiter>
  embedIn(space: EmbedSize): Provider<EmbedInput, EmbedOutput>
  embedBatchesIn(space: EmbedSize): readonly Provider<EmbedBatchInput, EmbedBatchOutput>[]
}

/** Who makes embeddings that are not simulated, as configured; null where nothing is configured and the mode is `mock`. Throws `configuration_invalid`. */
function createRealEmbeddings(
  configuration: Configuration,
  { database, prices, onError }: ProviderTools,
  recorded: Cassettes['recorded'],
): RealEmbeddings | null {
  const endpoint = createEmbedEndpoint(configuration)
  if (!endpoint) return null
  const { provider, paid, client } = endpoint
  const price = endpoint.price(priceOf(prices, provider, 'embed'))
  const limiters = new Map<string, AccountLimiter>()
  const limiterOf = (model: string) => {
    // Limits are those of a key and a model; the key itself is not written down.
    const account = `${provider}/${hash('sha256', client.apiKey).slice(0, 16)}/${model}`
    const tools = { database, account, bound: requestsAtOnce, patienceMs: limiterPatienceMs, onError }
    const limiter = limiters.get(model) ?? createAccountLimiter(tools)
    limiters.set(model, limiter)
    return limiter
  }
  return {
    provider,
    mostTokens: (tokens, texts) => mostTokensOf(tokens, texts, client.endpoint),
    limiters: () => limiters.values(),
    embedIn(space) {
      const options = { ...space, ...client, simulated: false, timeoutMs: embedTimeoutMs, price }
      const service = createOpenAiEmbeddings({
        ...options,
        ...fetchFor(configuration, provider, recorded),
        limiter: limiterOf(space.model),
        concurrency: requestsAtOnce,
      })
      return { provider, model: space.model, paid, simulated: false, standIn: false, service }
    },
    embedBatchesIn(space) {
      if (provider !== 'openai') return []
      const { apiKey, baseUrl } = client
      const service = createOpenAiBatches({
        ...space,
        apiKey,
        baseUrl,
        simulated: false,
        timeoutMs: embedTimeoutMs,
        price,
      })
      return [{ provider, model: space.model, paid, simulated: false, standIn: false, service }]
    },
  }
}

/** Prices at the time of the call. */
function priceOf(prices: PriceList, provider: string, operation: ServiceName): PriceUnits {
  return (model, units) => priceUnits(prices, { provider, operation, model }, units, new Date())
}
