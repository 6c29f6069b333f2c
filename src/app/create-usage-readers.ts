import type { PriceList } from '../contract/price-list.ts'
import type { UsageReader } from '../contract/usage-report.ts'
import { createLlamaParseUsageReader } from '../providers/llamaparse/usage-reader.ts'
import { createOpenAiUsageMinutes, type ReadUsageMinutes } from '../providers/openai/usage-minutes.ts'
import { createOpenAiUsageReader } from '../providers/openai/usage-reader.ts'
import { creditPrice } from './credit-price.ts'
import type { Configuration } from './settings.ts'

const timeoutMs = 60_000

/** The usage reports that there are keys for. */
export function createUsageReaders(configuration: Configuration, prices: PriceList): UsageReader[] {
  const { openAiAdminKey, openAiBaseUrl, openAiProjectId } = configuration
  const { llamaCloudApiKey, llamaCloudOrganizationId, llamaCloudBaseUrl } = configuration
  const readers: UsageReader[] = []
  if (openAiAdminKey !== '') {
    const models = prices.filter(price => price.provider === 'openai').map(price => price.model)
    const projects = openAiProjectId === '' ? {} : { projectIds: [openAiProjectId] }
    const connection = { adminKey: openAiAdminKey, baseUrl: openAiBaseUrl, timeoutMs }
    readers.push(createOpenAiUsageReader({ ...connection, models: [...new Set(models)], ...projects }))
  }
  if (llamaCloudApiKey !== '' && llamaCloudOrganizationId !== '') {
    readers.push(
      createLlamaParseUsageReader({
        apiKey: llamaCloudApiKey,
        organizationId: llamaCloudOrganizationId,
        baseUrl: llamaCloudBaseUrl,
        timeoutMs,
        nanoUsdPerCredit: creditPrice(prices),
      }),
    )
  }
  return readers
}

/** What asks OpenAI about single minutes; null without a key for its reports. */
export function createUsageMinutes({ openAiAdminKey, openAiBaseUrl }: Configuration): ReadUsageMinutes | null {
  if (openAiAdminKey === '') return null
  return createOpenAiUsageMinutes({ adminKey: openAiAdminKey, baseUrl: openAiBaseUrl, timeoutMs })
}
