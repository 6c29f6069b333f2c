import type { ParseTier } from '../../contract/parse-options.ts'
import type { PriceList } from '../../contract/price-list.ts'
import type { AccountLimits } from '../../contract/provider-limits.ts'
import type { FileQuote, QuoteHold } from '../../contract/quote.ts'
import type { ReconcileWish, Reconciliation } from '../../contract/reconciliation.ts'
import type { SearchRequest, SearchResponse } from '../../contract/search.ts'
import type { ServerReport } from '../../contract/server-report.ts'
import type { Tables } from '../../contract/tables.ts'
import type { EventFeed } from '../../events/feed.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { IntakeOptions } from '../../intake/take-document.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import type { BlobStore } from '../../platform/blob-folder.fs.ts'
import type { Database } from '../../platform/database.ts'
import type { WakeQueue } from '../../platform/wake-queue.ts'
import type { Searcher } from '../../search/search.ts'
import type { Tracing } from '../../tracing/tracing.ts'
import type { Alerts } from '../create-alerts.ts'
import type { Router } from '../create-router.ts'
import type { Webhooks } from '../create-webhooks.ts'
import type { QuoteWish } from '../quote-document.ts'
import type { Reembedding } from '../reembed.ts'

/** The figures of this process, and who may read them: everybody, or who has `key` (none if empty) or is an admin. */
export interface MetricsAccess extends Metrics {
  isOpen: boolean
  key: string
}

/** What the endpoints are built on. */
export interface Api {
  database: Database<Tables>
  blobs: BlobStore
  queue: WakeQueue<{ tenantId: string; jobId: string }>
  intake: IntakeOptions
  prices: PriceList
  newId(): string
  search(searcher: Searcher, request: SearchRequest, signal: AbortSignal): Promise<SearchResponse>
  quote(wish: QuoteWish): Promise<FileQuote>
  holdQuote(
    holder: { tenantId: string; apiKeyId: string | null },
    quote: QuoteHold,
  ): Promise<{ quoteId: string; expiresAt: Date }>
  reconcile(wish: ReconcileWish, signal: AbortSignal): Promise<Reconciliation>
  router: Router
  /** Null where there are none. */
  metrics: MetricsAccess | null
  tracing: Tracing
  webhooks: Webhooks
  alerts: Alerts
  gateway: Gateway
  events: EventFeed
  reembedding: Reembedding
  /** The tier of LlamaParse that local parsing is compared with. */
  comparedTier: ParseTier
  /** The room in the rate limits of providers. */
  limits(): Promise<AccountLimits[]>
  report(): Promise<ServerReport>
  checkDatabase(): Promise<void>
}
