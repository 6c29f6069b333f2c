import type { EmbedInput, EmbedOutput } from '../contract/embed-service.ts'
import type { MeteredService } from '../contract/metered-service.ts'

/** Whose call it is: budgets of the key and of the tags cover it. */
export interface GatewayCaller {
  tenantId: string
  apiKeyId: string | null
  tags: readonly string[]
}

/** Where a model's vectors of a tenant are kept, and who makes them. The space is there already. */
export interface GatewayTarget {
  service: MeteredService<EmbedInput, EmbedOutput>
  spaceId: string
  model: string
  dimensions: number
  /** Nothing that is simulated may pass for real. */
  simulated: boolean
}

/** What the gateway's calls are booked as. */
export const gatewayPurpose = 'gateway'
