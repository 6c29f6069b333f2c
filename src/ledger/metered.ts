import type { CallContext, LedgerEntry, MeteredService } from '../contract/metered-service.ts'
import type { Provenance, ServiceName } from '../contract/provenance.ts'
import type { ServiceResult, Usage } from '../contract/service.ts'
import { splitExactly } from './split-exactly.ts'

interface Inner<Input, Output> {
  call(input: Input, options: { signal: AbortSignal }): Promise<ServiceResult<Output> & { provenance: Provenance }>
}

/** Turns each call's usage into ledger entries, one for each document that shares it; `newId` gives UUIDs. */
export function metered<Input, Output>(
  service: ServiceName,
  inner: Inner<Input, Output>,
  newId: () => string,
): MeteredService<Input, Output> {
  return {
    async call(input, context, options) {
      const { output, usage, provenance } = await inner.call(input, options)
      return { output, provenance, entries: toEntries(service, context, usage, provenance, newId) }
    },
  }
}

function toEntries(
  service: ServiceName,
  context: CallContext,
  usage: Usage,
  provenance: Provenance,
  newId: () => string,
): LedgerEntry[] {
  const callId = newId()
  const weights = context.shares.map(share => share.weight)
  const units = splitExactly(BigInt(usage.units), weights)
  const cost = splitExactly(usage.costNanoUsd, weights)
  const shadow = splitExactly(usage.shadowNanoUsd, weights)
  return context.shares.map(({ documentId, jobId }, i) => ({
    tenantId: context.tenantId,
    entryId: newId(),
    callId,
    service,
    provenance,
    purpose: context.purpose,
    documentId,
    jobId,
    units: units[i] ?? 0n,
    costNanoUsd: cost[i] ?? 0n,
    shadowNanoUsd: shadow[i] ?? 0n,
  }))
}
