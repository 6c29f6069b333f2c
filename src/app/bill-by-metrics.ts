import type { ParseJobService } from '../contract/parse-service.ts'
import type { PriceList } from '../contract/price-list.ts'
import { createLlamaParseJobUsage } from '../providers/llamaparse/usage-reader.ts'
import { creditPrice } from './credit-price.ts'
import type { Configuration } from './settings.ts'

const timeoutMs = 60_000

/** Where a job does not say what it cost, e.g. since it is gone, the organization's usage metrics are asked, if it is known. */
export function billByMetrics(
  service: ParseJobService,
  configuration: Configuration,
  prices: PriceList,
): ParseJobService {
  const {
    llamaCloudApiKey: apiKey,
    llamaCloudOrganizationId: organizationId,
    llamaCloudBaseUrl: baseUrl,
  } = configuration
  if (apiKey === '' || organizationId === '') return service
  const connection = { apiKey, organizationId, baseUrl, timeoutMs }
  const readUsage = createLlamaParseJobUsage({ ...connection, nanoUsdPerCredit: creditPrice(prices) })
  return {
    ...service,
    jobs: {
      ...service.jobs,
      async bill(remoteId, model, options) {
        const usage = await service.jobs.bill(remoteId, model, options)
        if (usage !== null) return usage
        const metric = await readUsage(remoteId, options)
        if (metric === null || metric.costNanoUsd === null) return null
        const { costNanoUsd } = metric
        return { units: Number(metric.pages), costNanoUsd, shadowNanoUsd: costNanoUsd }
      },
    },
  }
}
