import { randomUUIDv7 } from 'node:crypto'
import { sql } from 'kysely'
import type { PriceList } from '../contract/price-list.ts'
import type { Tables } from '../contract/tables.ts'
import type { UsageReader } from '../contract/usage-report.ts'
import type { EventFeed } from '../events/feed.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { detectStoredFileType } from '../intake/detect-stored-file-type.fs.ts'
import { insertJob } from '../jobs/change-job.sql.ts'
import type { JobKey } from '../jobs/move-jobs.sql.ts'
import { bookCalls } from '../ledger/book-calls.sql.ts'
import { holdQuote } from '../ledger/hold-quote.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { reconcile } from '../ledger/reconcile.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { BlobStore } from '../platform/blob-folder.fs.ts'
import type { Database } from '../platform/database.ts'
import type { WakeQueue } from '../platform/wake-queue.ts'
import { search } from '../search/search.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { bookAvoidedDocument } from './book-avoided-document.ts'
import type { Alerts } from './create-alerts.ts'
import { uploadLimitOf } from './create-parse-providers.ts'
import type { Providers } from './create-providers.ts'
import type { Router } from './create-router.ts'
import type { Services } from './create-services.ts'
import type { Webhooks } from './create-webhooks.ts'
import type { Api } from './http/api.ts'
import { type QuoteOptions, quoteDocument } from './quote-document.ts'
import { createReembedding } from './reembed.ts'
import { report } from './report.ts'
import type { Configuration } from './settings.ts'
import { spaceForRouting } from './space-for-routing.ts'
import { viewLimits } from './view-limits.ts'

const newId = randomUUIDv7

export interface ApiParts {
  metrics: Metrics | null
  tracing: Tracing
  webhooks: Webhooks
  alerts: Alerts
  gateway: Gateway
  events: EventFeed
  configuration: Configuration
  environment: Record<string, string | undefined>
  database: Database<Tables>
  blobs: BlobStore
  queue: WakeQueue<JobKey>
  services: Services
  router: Router
  prices: PriceList
  countTokens(text: string): number
  ledger: Ledger
  providers: Providers
  chunk: QuoteOptions['chunk']
  readers: readonly UsageReader[]
}

/** What the HTTP routes are given: each thing that they do, wired to what does it. */
export function createApi(parts: ApiParts): Api {
  const { configuration, environment, database, blobs, queue, services, prices, countTokens } = parts
  const searchOptions = { database, spaces: services.spaces, countTokens, bookCalls }
  const startedAt = new Date()
  return {
    database,
    blobs,
    queue,
    prices,
    router: parts.router,
    metrics: parts.metrics && {
      ...parts.metrics,
      isOpen: configuration.metrics === 'open',
      key: configuration.metricsKey,
    },
    tracing: parts.tracing,
    webhooks: parts.webhooks,
    alerts: parts.alerts,
    gateway: parts.gateway,
    events: parts.events,
    reembedding: createReembedding({
      database,
      spaces: services.spaces,
      mostTokens: parts.providers.mostEmbedTokens,
      newId,
    }),
    comparedTier: configuration.parseTier,
    newId,
    intake: {
      database,
      blobs,
      spaceOf: async (tenantId, routing) =>
        (await spaceForRouting({ database, router: parts.router, spaces: services.spaces }, tenantId, routing)).spaceId,
      maxFileBytes: configuration.maxFileBytes,
      newId,
      detectFileType: detectStoredFileType,
      async queueJob(session, job) {
        const jobId = newId()
        const view = await insertJob(session, { ...job, jobId, stage: 'parse' })
        const first = [{ tenantId: job.tenantId, jobId }]
        await queue.send(session, 'parse', first, { priority: Math.min(0, job.priority) })
        return view
      },
      onKnown: (session, known) => bookAvoidedDocument(session, services, known),
      nudge: () => queue.nudge('parse'),
    },
    search: (searcher, request, signal) => search(searchOptions, searcher, request, signal),
    quote: wish => quoteDocument({ ...parts, maxFileBytes: configuration.maxFileBytes }, wish),
    holdQuote: (holder, quote) =>
      holdQuote({ database, ledger: parts.ledger, newId }, { ...holder, provenanceOf: services.provenanceOf }, quote),
    reconcile: (wish, signal) => reconcile({ database, readers: parts.readers, newId, now: new Date() }, wish, signal),
    limits: () =>
      viewLimits({ database, limiters: parts.providers.limiters, uploadLimit: uploadLimitOf(configuration) }),
    report: () => report({ configuration, environment, database, services, startedAt }),
    async checkDatabase() {
      await sql`SELECT 1`.execute(database.kysely)
    },
  }
}
