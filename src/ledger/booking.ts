import type { Booking, CallContext, LedgerEntry } from '../contract/metered-service.ts'
import type { Provenance, ServiceName } from '../contract/provenance.ts'
import type { Quote, Usage } from '../contract/service.ts'
import { splitExactly } from './split-exactly.ts'

/** What all entries of one call have in common; `newId` gives UUIDs. */
export interface BookingParts {
  service: ServiceName
  context: Pick<CallContext, 'tenantId' | 'purpose' | 'quoteId' | 'shares'>
  provenance: Provenance
  callId: string
  held: boolean
  newId(): string
}

/**
 * A call's usage as entries, one for each document that shares it, exactly adding up. What it cost above `quote` is booked
 * apart, as an overrun.
 */
export function bookingOf(
  parts: BookingParts,
  usage: Usage,
  { quote = usage, kind = 'settlement' }: { quote?: Quote; kind?: 'settlement' | 'avoided' },
): Booking {
  const { service, context, provenance, callId, held } = parts
  const within = {
    units: usage.units,
    costNanoUsd: least(usage.costNanoUsd, quote.costNanoUsd),
    shadowNanoUsd: least(usage.shadowNanoUsd, quote.shadowNanoUsd),
  }
  const above = {
    units: 0,
    costNanoUsd: usage.costNanoUsd - within.costNanoUsd,
    shadowNanoUsd: usage.shadowNanoUsd - within.shadowNanoUsd,
  }
  const entries = toEntries(parts, within, kind)
  if (above.costNanoUsd > 0n || above.shadowNanoUsd > 0n) entries.push(...toEntries(parts, above, 'overrun'))
  const { tenantId, purpose } = context
  return { tenantId, callId, held, service, provenance, purpose, entries }
}

function toEntries({ context, newId }: BookingParts, usage: Usage, kind: LedgerEntry['kind']): LedgerEntry[] {
  const weights = context.shares.map(share => share.weight)
  const units = splitExactly(BigInt(usage.units), weights)
  const cost = splitExactly(usage.costNanoUsd, weights)
  const shadow = splitExactly(usage.shadowNanoUsd, weights)
  return context.shares.map(({ documentId, jobId, apiKeyId, tags }, i) => ({
    entryId: newId(),
    kind,
    documentId,
    jobId,
    apiKeyId,
    tags,
    units: units[i] ?? 0n,
    costNanoUsd: cost[i] ?? 0n,
    shadowNanoUsd: shadow[i] ?? 0n,
  }))
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
