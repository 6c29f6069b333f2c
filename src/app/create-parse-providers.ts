import { hash, randomInt } from 'node:crypto'
import { AppError } from '../contract/failure.ts'
import type { DirectParseService, ParseInput, ParseJobService, ParseOutput } from '../contract/parse-service.ts'
import type { PriceList, PriceUnits } from '../contract/price-list.ts'
import type { Tables } from '../contract/tables.ts'
import { shadowPriced } from '../ledger/shadow-priced.ts'
import { limitedJobs } from '../limits/limited-jobs.ts'
import type { RequestLimit } from '../limits/permits.sql.ts'
import type { ChildPool } from '../platform/child-pool.ts'
import type { Database } from '../platform/database.ts'
import { planLooks } from '../providers/llamaparse/look-again.ts'
import { createLlamaParse } from '../providers/llamaparse/parse-client.ts'
import type { LlamaParseOptions } from '../providers/llamaparse/parse-client-options.ts'
import type { LlamaCloudSimulator } from '../providers/llamaparse/simulator.ts'
import { createPageCounter } from '../providers/local/count-pages.ts'
import { createLocalParser, localParserVersion } from '../providers/local/local-parser.ts'
import { webhookUrl } from '../webhooks/check-public-url.ts'
import { billByMetrics } from './bill-by-metrics.ts'
import { type Cassettes, replayedName } from './create-cassettes.ts'
import { createSimulatedCloud } from './create-simulated-cloud.ts'
import type { Provider } from './provider.ts'
import type { Configuration } from './settings.ts'
import { fetchFor } from './trusted-fetch.ts'

export interface ParseProviderTools {
  database: Database<Tables>
  pool: ChildPool
  price: PriceUnits
  prices: PriceList
  cassettes: Cassettes
}

export interface ParseProviders {
  parse: readonly Provider<ParseInput, ParseOutput>[]
  /** The parser of this machine. */
  localParser: DirectParseService
  /** Where parsing is only rehearsed. */
  simulatedCloud: LlamaCloudSimulator
}

/** LlamaCloud counts uploads in spans of 10 s; ours are a little longer, since requests do not arrive as evenly as they are sent. */
const uploadSpanMs = 10_500
const perPageMs = 20_000
const simulatedLookMs = 150

/** LlamaParse, real where there is a key, and simulated, and the parser of this machine; the router chooses among them. Throws `configuration_invalid`. */
export function createParseProviders(configuration: Configuration, tools: ParseProviderTools): ParseProviders {
  const { parseTier } = configuration
  const parser = createParser(configuration, tools.pool)
  const localParser = shadowPriced(parser, pages => tools.price(parseTier, pages))
  const free = { paid: false, simulated: false, standIn: true } as const
  const local = { provider: 'local', model: localParserVersion, ...free, service: localParser }
  const simulatedCloud = createSimulatedCloud(parser, { seed: randomInt(2 ** 31) })
  const clouds = wantsRealParsing(configuration) ? [null, simulatedCloud] : [simulatedCloud]
  const llamaParse = clouds.map(cloud => {
    const service = limitedJobs(createClient(configuration, tools, cloud?.fetch ?? null), {
      database: tools.database,
      account: accountOf(configuration, cloud !== null),
      limit: uploadLimitOf(configuration),
    })
    const paid = cloud === null
    const provider = paid ? 'llamaparse' : replayedName('llamaparse', tools.cassettes)
    return { provider, model: parseTier, paid, simulated: !paid, standIn: false, service: named(service, provider) }
  })
  return { parse: [...llamaParse, local], localParser, simulatedCloud }
}

/** What one account of LlamaCloud takes. */
export function uploadLimitOf({ parseUploadsPer10s }: Configuration): RequestLimit {
  return { requests: parseUploadsPer10s, spanMs: uploadSpanMs }
}

/** What is replayed is not taken for what the simulator made. */
function named(service: ParseJobService, provider: string): ParseJobService {
  return provider === 'llamaparse' ? service : { ...service, variant: input => `${service.variant(input)};replayed` }
}

/** A key is enough to switch to real parsing later; without one, the modes that need it are refused at the start. */
function wantsRealParsing({ parseMode, llamaCloudApiKey }: Configuration): boolean {
  return llamaCloudApiKey !== '' || parseMode === 'real'
}

function createClient(
  configuration: Configuration,
  { pool, price, prices, cassettes }: ParseProviderTools,
  simulatedCloud: LlamaCloudSimulator['fetch'] | null,
): ParseJobService {
  const options: LlamaParseOptions = {
    apiKey: simulatedCloud ? 'llx-simulated' : keyOf(configuration),
    baseUrl: configuration.llamaCloudBaseUrl,
    tier: configuration.parseTier,
    version: configuration.parseVersion,
    options: configuration.parseRequest,
    simulated: simulatedCloud !== null,
    price,
    countPages: createPageCounter({ pool, limits: limitsOf(configuration) }),
    webhook: simulatedCloud ? null : webhookOf(configuration),
    retention: configuration.parseRetention,
    whenStuck: configuration.parseWhenStuck,
    deadline: { baseMs: configuration.parseDeadlineMs, perPageMs },
    timeoutMs: configuration.parseExchangeTimeoutMs,
    uploadTimeoutMs: 10 * configuration.parseExchangeTimeoutMs,
  }
  const { recorded, replayed } = cassettes
  if (!simulatedCloud)
    return billByMetrics(
      createLlamaParse({ ...options, ...fetchFor(configuration, 'llamaparse', recorded) }),
      configuration,
      prices,
    )
  const lookAgainMs = (looks: number) => planLooks(looks, false, simulatedLookMs)
  return createLlamaParse({ ...options, fetch: replayed ?? simulatedCloud, lookAgainMs })
}

function keyOf({ llamaCloudApiKey }: Configuration): string {
  if (llamaCloudApiKey !== '') return llamaCloudApiKey
  throw new AppError('configuration_invalid', 'SLUICE_PARSE_MODE is real, and LLAMA_CLOUD_API_KEY is not set.')
}

/** Where LlamaParse says that a job is done; null where it is asked instead. */
function webhookOf({ publicUrl, webhookSecrets: [secret] }: Configuration): LlamaParseOptions['webhook'] {
  if (publicUrl === '') return null
  if (secret !== undefined) return { url: webhookUrl(publicUrl), secret }
  const message = 'SLUICE_PUBLIC_URL is set, and SLUICE_WEBHOOK_SECRETS is not: unsigned webhooks would be refused.'
  throw new AppError('configuration_invalid', message)
}

/** All processes with the same key share what it may send; a simulator of this process is its own. */
function accountOf({ llamaCloudApiKey }: Configuration, simulated: boolean): string {
  if (simulated) return `llamaparse/simulated/${process.pid}`
  return `llamaparse/${hash('sha256', llamaCloudApiKey).slice(0, 16)}`
}

function createParser(configuration: Configuration, pool: ChildPool): DirectParseService {
  return createLocalParser({ pool, ocr: configuration.ocr, limits: limitsOf(configuration) })
}

function limitsOf(configuration: Configuration) {
  return {
    timeoutMs: configuration.parseTimeoutMs,
    memoryMb: configuration.parseMemoryMb,
    maxUnpackedBytes: configuration.maxUnpackedBytes,
    maxTextBytes: configuration.maxTextBytes,
  }
}
