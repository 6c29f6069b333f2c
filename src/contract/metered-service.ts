import type { NanoUsd } from './money.ts'
import type { Provenance, ServiceName } from './provenance.ts'

/** On whose behalf a call is made; a call shared by several documents is split over them by `weight`. */
export interface CallContext {
  tenantId: string
  purpose: 'ingest' | 'search'
  shares: readonly { documentId: string | null; jobId: string | null; weight: number }[]
}

/** One document's part of one call. `shadowNanoUsd` is what the real provider would have charged. */
export interface LedgerEntry {
  tenantId: string
  entryId: string
  callId: string
  service: ServiceName
  provenance: Provenance
  purpose: CallContext['purpose']
  documentId: string | null
  jobId: string | null
  units: bigint
  costNanoUsd: NanoUsd
  shadowNanoUsd: NanoUsd
}

/** `entries` must be recorded in the transaction that stores the output. */
export interface MeteredResult<Output> {
  output: Output
  provenance: Provenance
  entries: LedgerEntry[]
}

/** A service as stages see it: who answers, and at what price, has been decided for them. */
export interface MeteredService<Input, Output> {
  call(input: Input, context: CallContext, options: { signal: AbortSignal }): Promise<MeteredResult<Output>>
}
