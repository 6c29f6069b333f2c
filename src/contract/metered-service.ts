import type { NanoUsd } from './money.ts'
import type { Provenance, ServiceName } from './provenance.ts'
import type { RouteCaller } from './routed-service.ts'
import type { RouteWish } from './routing.ts'
import type { Quote, ServiceResult } from './service.ts'

/** Whom a part of a call is booked on; budgets of a key or a tag cover the parts that carry it. */
export interface CallShare {
  documentId: string | null
  jobId: string | null
  apiKeyId: string | null
  tags: readonly string[]
}

/** On whose behalf a call is made, and how it is to be routed; a call shared by several documents is split over them by `weight`. */
export interface CallContext
  extends Pick<RouteCaller, 'tenantId' | 'routing' | 'planned' | 'insists' | 'improves' | 'isRetry' | 'pages'> {
  purpose: 'ingest' | 'search' | 'reembed' | 'gateway' | 'drift'
  /** The quote that was held for this work before it began, if there is one. */
  quoteId: string | null
  /**
   * Names of what is bought, e.g. the parse of these bytes, each beginning with the kind of the purchase and a slash: while a paid call for one
   * is open, no other is made.
   */
  items: readonly string[]
  /** Whether some of it has been bought since it was looked for; asked once the call's money and items are held, so that nobody buys it after. */
  bought?: () => Promise<boolean>
  shares: readonly (CallShare & { weight: number })[]
}

export const entryKinds = ['hold', 'release', 'settlement', 'overrun', 'adjustment', 'avoided'] as const
export type EntryKind = (typeof entryKinds)[number]

/** One document's part of what one call cost, or of what was not spent since the result was there already. */
export interface LedgerEntry extends CallShare {
  entryId: string
  kind: Extract<EntryKind, 'settlement' | 'overrun' | 'avoided'>
  units: bigint
  costNanoUsd: NanoUsd
  /** What the real provider would have charged; of an avoided call, too. */
  shadowNanoUsd: NanoUsd
}

/** What a call has to leave in the books. `held`: it has a hold, which the same transaction must end. */
export interface Booking {
  tenantId: string
  callId: string
  held: boolean
  /** Of a call that its provider works off on its own. `billing`: what it cost is not known yet, so its hold stays. */
  remote?: 'settled' | 'billing'
  service: ServiceName
  provenance: Provenance
  purpose: CallContext['purpose']
  entries: LedgerEntry[]
}

/** `booking` must be booked in the transaction that stores the output, whatever has become of the job meanwhile. */
export interface MeteredResult<Output> {
  output: Output
  provenance: Provenance
  /** What the result depends on beside the content, at the provider that made it: see `Service.variant`. */
  variant: string
  booking: Booking
  /** Of a job that the provider worked off on its own: how long it took by the provider's clock, where that is known. */
  workedMs?: number
  /** Of other calls that the result took. */
  alsoBooked?: readonly Booking[]
}

/** `already`: what a provider that costs nothing has given for this input before; it is not asked again. */
export interface MeteredCallOptions<Output> {
  signal: AbortSignal
  already?: ServiceResult<Output>
  soFar?: ResultSoFar<Output>
  /** Lets all further attempts at the work be routed so, whatever is switched meanwhile: a part of it is about to be bought alone. */
  keepRoute?: (wish: RouteWish) => Promise<void>
}

/** For calls that go on to improve what they have bought: it is kept, so that it is neither lost nor bought again while something better is awaited. */
export interface ResultSoFar<Output> {
  /** What an earlier attempt has kept; its booking is empty, for it is booked. */
  known: MeteredResult<Output> | null
  /** Stores a result and books it. */
  keep(result: MeteredResult<Output>): Promise<void>
}

/**
 * A service as stages see it: who answers, at what price and under which budget has been decided for them. A call that must
 * wait throws `CallDeferred`, one at which a provider is at work `CallAwaited`: the same call again fetches the result.
 */
export interface MeteredService<Input, Output> {
  call(input: Input, context: CallContext, options: MeteredCallOptions<Output>): Promise<MeteredResult<Output>>
  /** What a result would depend on beside the content, at the provider that would take the call now. */
  variant(input: Input, who: RouteCaller): string
  /** The most that the call would cost; null: known only after it, which is free then. */
  quote(input: Input, who: RouteCaller, options: { signal: AbortSignal }): Promise<Quote | null>
  /** What so many units cost now, at the provider that would take the call, and at its configured model if none is given. */
  price(units: number, who: RouteCaller, model?: string): Quote
  /** What `units` that did not have to be bought again would have cost now, to be booked as avoided. */
  avoided(units: number, context: Omit<CallContext, 'items'>): Booking
}
