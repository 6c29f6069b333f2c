import { randomUUID } from 'node:crypto'
import type { CallContext } from '../../src/contract/metered-service.ts'
import type { ServiceName } from '../../src/contract/provenance.ts'
import type { Quote } from '../../src/contract/service.ts'
import type { BookingParts } from '../../src/ledger/booking.ts'

export interface CallSettings {
  callId?: string
  service?: ServiceName
  quoteId?: string | null
  shares?: CallContext['shares']
  held?: boolean
}

/** A call of a provider that does not exist, for the books alone; one share without key and tags unless `shares` say who. */
export function callOf(tenantId: string, settings: CallSettings = {}): BookingParts {
  const { callId = randomUUID(), service = 'parse', quoteId = null, shares = [shareOf()], held = true } = settings
  return {
    service,
    context: { tenantId, purpose: 'ingest', quoteId, shares },
    provenance: { provider: 'test', model: 'test-1', mode: 'real', simulated: false, reasons: ['test'] },
    callId,
    held,
    newId: randomUUID,
  }
}

/** A part of a call for a document of its own. */
export function shareOf(share: Partial<CallContext['shares'][number]> = {}): CallContext['shares'][number] {
  return { documentId: null, jobId: null, apiKeyId: null, tags: [], weight: 1, ...share }
}

/** Real and shadow money alike, unless `shadowNanoUsd` is another amount. */
export function quoteOf(costNanoUsd: bigint, shadowNanoUsd = costNanoUsd): Quote {
  return { units: 1, costNanoUsd, shadowNanoUsd }
}
