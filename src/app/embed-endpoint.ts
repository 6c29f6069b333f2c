import { AppError } from '../contract/failure.ts'
import type { PriceUnits } from '../contract/price-list.ts'
import type { OpenAiEmbeddingsOptions } from '../providers/openai/embeddings-client.ts'
import type { EndpointProfile } from '../providers/openai/endpoint-profile.ts'
import { endpointProfiles } from '../providers/openai/endpoint-profiles.ts'
import { overrideProfile } from './read-endpoint-options.ts'
import type { Configuration } from './settings.ts'

/** Who makes real embeddings, as configured. */
export interface EmbedEndpoint {
  /** Its name in prices, provenance and vector spaces. */
  provider: string
  /** Costs money. False: it is the user's own, and its price is zero because its profile or the user says so. */
  paid: boolean
  /** What its client needs to be reached. */
  client: Required<Pick<OpenAiEmbeddingsOptions, 'endpoint' | 'apiKey' | 'baseUrl'>>
  /** What its calls cost: nothing, or by `listed`, which refuses a model without a price. */
  price(listed: PriceUnits): PriceUnits
}

type Wish = Pick<
  Configuration,
  | 'embedMode'
  | 'embedProvider'
  | 'embedModel'
  | 'embedKey'
  | 'embedBaseUrl'
  | 'embedOptions'
  | 'openAiApiKey'
  | 'openAiBaseUrl'
>

/**
 * The endpoint that real embeddings go to; null where they are simulated and nothing else is configured. Throws `configuration_invalid` for settings that no call
 * could be made with, all of them named.
 */
export function createEmbedEndpoint(wish: Wish): EmbedEndpoint | null {
  const { embedMode, embedProvider, embedOptions } = wish
  const endpoint = overrideProfile(endpointProfiles[embedProvider], embedOptions)
  const isOpenAi = embedProvider === 'openai'
  const apiKey = wish.embedKey || (isOpenAi ? wish.openAiApiKey : '')
  const baseUrl = wish.embedBaseUrl || (isOpenAi ? wish.openAiBaseUrl : (endpoint.baseUrl ?? ''))
  const faultsOfReal = faultsOf(wish, endpoint, apiKey, baseUrl)
  const faults = embedMode === 'mock' ? faultsOfMock(wish) : faultsOfReal
  if (faults.length > 0)
    throw new AppError('configuration_invalid', `The configuration has faults: ${faults.join('; ')}.`)
  // With a key, real embeddings can be switched on later.
  if (faultsOfReal.length > 0) return null
  const { provider, cost } = endpoint
  const price = (listed: PriceUnits): PriceUnits => (cost === 'free' ? () => 0n : listed)
  return { provider, paid: cost !== 'free', client: { endpoint, apiKey, baseUrl }, price }
}

/** Only OpenAI has a simulator; imitating it under another name would mislead. */
function faultsOfMock({ embedProvider }: Wish): string[] {
  if (embedProvider === 'openai') return []
  return [
    `SLUICE_EMBED_PROVIDER is ${embedProvider}, and SLUICE_EMBED_MODE is mock, but only openai is simulated: set SLUICE_EMBED_MODE=real`,
  ]
}

function faultsOf(
  { embedMode, embedProvider, embedModel }: Wish,
  { key, keyName, query }: EndpointProfile,
  apiKey: string,
  baseUrl: string,
): string[] {
  const faults: string[] = []
  const wanted =
    embedProvider === 'openai'
      ? `SLUICE_EMBED_MODE is ${embedMode}`
      : `SLUICE_EMBED_MODE is ${embedMode} and SLUICE_EMBED_PROVIDER is ${embedProvider}`
  if (key === 'needed' && apiKey === '') faults.push(`${wanted}, and ${keyName} is not set`)
  if (baseUrl === '') faults.push(`${wanted}, which has no usual address, and SLUICE_EMBED_BASE_URL is not set`)
  else if (!isAddress(baseUrl))
    faults.push('SLUICE_EMBED_BASE_URL must be an http or https address without user, query or fragment')
  if (embedModel.startsWith('text-embedding-3-') && !modelsOfOpenAi.has(embedProvider))
    faults.push(
      `${wanted}, and SLUICE_EMBED_MODEL is ${embedModel}, which is OpenAI's: name a model of ${embedProvider}`,
    )
  if (/\/openai\/deployments\//.test(baseUrl) && query['api-version'] === undefined)
    faults.push(
      'SLUICE_EMBED_BASE_URL is that of a deployment, which needs a version: add api-version=2024-10-21 to SLUICE_EMBED_OPTIONS, or use …/openai/v1',
    )
  return faults
}

/** Where a model or deployment may well be called as OpenAI's are. */
const modelsOfOpenAi = new Set(['openai', 'azure', 'custom'])

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, search, hash } = new URL(text)
  return ['http:', 'https:'].includes(protocol) && `${username}${password}${search}${hash}` === ''
}
