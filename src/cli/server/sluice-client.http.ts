import { z } from 'zod'
import { apiKeySchema, createdApiKeySchema, type newApiKeySchema } from '../../contract/api-key.ts'
import { type BudgetSettings, budgetListSchema, budgetViewSchema } from '../../contract/budget.ts'
import { callListSchema, type Resolution } from '../../contract/call.ts'
import { comparisonSchema } from '../../contract/comparison.ts'
import { type costQuerySchema, costReportSchema } from '../../contract/costs.ts'
import {
  documentDetailSchema,
  documentPageSchema,
  documentViewSchema,
  newVersionAnswerSchema,
  type rollbackSchema,
  uploadAnswerSchema,
} from '../../contract/document-view.ts'
import { forecastReportSchema } from '../../contract/forecast.ts'
import type { JobState } from '../../contract/job.ts'
import { jobDetailSchema, jobViewSchema } from '../../contract/job-view.ts'
import { pageSchema } from '../../contract/paging.ts'
import type { ParseOptions } from '../../contract/parse-options.ts'
import { priceListViewSchema } from '../../contract/price-list.ts'
import { providerHealthListSchema } from '../../contract/provider-health.ts'
import { providerHistorySchema } from '../../contract/provider-history.ts'
import { providerLimitsSchema } from '../../contract/provider-limits.ts'
import { heldQuoteSchema, type QuoteHold, quoteSchema } from '../../contract/quote.ts'
import { type ReconcileWish, reconciliationSchema } from '../../contract/reconciliation.ts'
import {
  type ReembedTarget,
  reembeddingListSchema,
  reembeddingViewSchema,
  reembedQuoteSchema,
  type reembedWishSchema,
  spaceListSchema,
} from '../../contract/reembedding.ts'
import { explanationSchema } from '../../contract/route-decision.ts'
import { auditListSchema, modeListSchema, type RouteWish, type ServiceMode } from '../../contract/routing.ts'
import { type searchRequestSchema, searchResponseSchema } from '../../contract/search.ts'
import { serverReportSchema } from '../../contract/server-report.ts'
import { simulationSchema } from '../../contract/simulation.ts'
import { webhookStatusSchema, webhookTestSchema } from '../../contract/webhook.ts'
import { alertCalls } from './alert-calls.http.ts'
import { type ApiRequest, isHealthy, requestJson, requestText, type ServerAddress } from './http-request.http.ts'
import { multipartBody } from './multipart-body.ts'

export interface ChunkingWish {
  maxTokens?: number | undefined
  overlapTokens?: number | undefined
}
/** What is asked for of every file of an upload. `deadline` is an ISO time. */
export interface UploadWishes {
  metadata: Record<string, unknown>
  chunking: ChunkingWish
  parsing: ParseOptions
  routing?: RouteWish
  tags?: readonly string[] | undefined
  priority?: number | undefined
  deadline?: string | undefined
  quoteId?: string | undefined
}
export interface Upload {
  fileName: string
  mediaType: string
  bytes: AsyncIterable<Uint8Array>
  wishes: UploadWishes
}
export interface PageWish {
  limit?: number | undefined
  cursor?: string | undefined
}
/** The query of `GET /v1/costs`; what is undefined is left to the server. */
export type CostWish = { [Key in keyof z.input<typeof costQuerySchema>]?: string | number | undefined }
export type SluiceClient = ReturnType<typeof createClient>

/** The calls of a server's API. Each throws a CliFailure as `requestJson` does, and stops when `signal` aborts. */
export function createClient(server: ServerAddress, newId: () => string, signal: AbortSignal) {
  const call = <Schema extends z.ZodType>(
    schema: Schema,
    method: ApiRequest['method'],
    path: string,
    rest: Partial<ApiRequest> = {},
  ) => requestJson(server, { method, path, ...rest }, schema, signal)
  return {
    ...alertCalls(call),
    isHealthy: () => isHealthy(server.url, signal),
    upload: (upload: Upload) =>
      call(uploadAnswerSchema, 'POST', '/v1/documents', { stream: uploadForm(upload, newId()) }),
    quote: (upload: Upload) => call(quoteSchema, 'POST', '/v1/quotes', { stream: uploadForm(upload, newId()) }),
    holdQuote: (hold: QuoteHold) => call(heldQuoteSchema, 'POST', '/v1/quotes/holds', { json: hold }),
    releaseQuote: (id: string) => call(z.undefined(), 'DELETE', `/v1/quotes/holds/${encodeURIComponent(id)}`),
    listDocuments: (query: PageWish) => call(documentPage, 'GET', '/v1/documents', { query: { ...query } }),
    document: (id: string) => call(documentDetailSchema, 'GET', `/v1/documents/${encodeURIComponent(id)}`),
    deleteDocument: (id: string) => call(z.undefined(), 'DELETE', `/v1/documents/${encodeURIComponent(id)}`),
    reprocess: (id: string, json: Pick<UploadWishes, 'chunking' | 'parsing' | 'routing'>) =>
      call(newVersionAnswerSchema, 'POST', `/v1/documents/${encodeURIComponent(id)}/versions`, { json }),
    rollBack: (id: string, versionId: string, json: z.input<typeof rollbackSchema>) =>
      call(documentDetailSchema, 'POST', `/v1/documents/${encodeURIComponent(id)}/versions/${versionId}/rollback`, {
        json,
      }),
    page: (id: string, pageNumber: number) =>
      call(documentPageSchema, 'GET', `/v1/documents/${encodeURIComponent(id)}/pages/${pageNumber}`),
    listJobs: (query: PageWish & { state?: JobState | undefined; documentId?: string | undefined }) =>
      call(jobPage, 'GET', '/v1/jobs', { query: { ...query } }),
    job: (id: string) => call(jobDetailSchema, 'GET', `/v1/jobs/${encodeURIComponent(id)}`),
    cancelJob: (id: string) => call(jobViewSchema, 'POST', `/v1/jobs/${encodeURIComponent(id)}/cancel`),
    retryJob: (id: string) => call(jobViewSchema, 'POST', `/v1/jobs/${encodeURIComponent(id)}/retry`),
    search: (request: z.input<typeof searchRequestSchema>) =>
      call(searchResponseSchema, 'POST', '/v1/search', { json: request }),
    costs: (query: CostWish) => call(costReportSchema, 'GET', '/v1/costs', { query: { ...query } }),
    costsCsv: (query: CostWish, write: (text: string) => void) =>
      requestText(server, { method: 'GET', path: '/v1/costs', query: { ...query }, accept: 'text/csv' }, write, signal),
    reconcile: (asked: ReconcileWish) => call(reconciliationSchema, 'POST', '/v1/costs/reconcile', { json: asked }),
    forecast: (query: { timeZone: string | undefined; tenant: string | undefined }) =>
      call(forecastReportSchema, 'GET', '/v1/costs/forecast', { query }),
    simulateCosts: (asked: object) => call(simulationSchema, 'POST', '/v1/costs/simulate', { json: asked }),
    events: (query: Record<string, string | undefined>, write: (text: string) => void) =>
      requestText(server, { method: 'GET', path: '/v1/events', query, accept: 'text/event-stream' }, write, signal),
    budgets: () => call(budgetListSchema, 'GET', '/v1/budgets'),
    setBudget: ({ tenantId, budgetId, ...settings }: BudgetSettings) =>
      call(budgetViewSchema, 'PUT', budgetPath({ tenantId, budgetId }), { json: settings }),
    removeBudget: (budget: BudgetKey) => call(z.undefined(), 'DELETE', budgetPath(budget)),
    callsInDoubt: () => call(callListSchema, 'GET', '/v1/calls', { query: { state: 'unknown', limit: 1000 } }),
    resolveCall: (id: string, resolution: Resolution) =>
      call(z.undefined(), 'POST', `/v1/calls/${encodeURIComponent(id)}/resolve`, { json: resolution }),
    modes: () => call(modeListSchema, 'GET', '/v1/modes'),
    setMode: (target: ModeTarget, change: object) => call(modeListSchema, 'PUT', modePath(target), { json: change }),
    resetMode: (target: ModeTarget) => call(modeListSchema, 'DELETE', modePath(target)),
    audit: () => call(auditListSchema, 'GET', '/v1/audit'),
    providers: () => call(providerHealthListSchema, 'GET', '/v1/providers'),
    providerLimits: () => call(providerLimitsSchema, 'GET', '/v1/providers/limits'),
    providerHistory: (span: { from: string; to: string }) =>
      call(providerHistorySchema, 'GET', '/v1/providers/history', { query: span }),
    explain: (id: string) => call(explanationSchema, 'GET', `/v1/jobs/${encodeURIComponent(id)}/explanation`),
    compare: (a: string, b: string) => call(comparisonSchema, 'GET', `/v1/comparisons/${a}/${b}`),
    prices: () => call(priceListViewSchema, 'GET', '/v1/prices'),
    webhooks: () => call(webhookStatusSchema, 'GET', '/v1/webhooks'),
    spaces: () => call(spaceListSchema, 'GET', '/v1/spaces'),
    quoteReembedding: (target: ReembedTarget) =>
      call(reembedQuoteSchema, 'POST', '/v1/reembeddings/quote', { json: target }),
    startReembedding: (wish: z.input<typeof reembedWishSchema>) =>
      call(reembeddingViewSchema, 'POST', '/v1/reembeddings', { json: wish }),
    reembedding: (id: string) => call(reembeddingViewSchema, 'GET', `/v1/reembeddings/${id}`),
    listReembeddings: () => call(reembeddingListSchema, 'GET', '/v1/reembeddings'),
    cancelReembedding: (id: string) => call(reembeddingViewSchema, 'POST', `/v1/reembeddings/${id}/cancel`),
    testWebhooks: () => call(webhookTestSchema, 'POST', '/v1/webhooks/test'),
    doctor: () => call(serverReportSchema, 'GET', '/v1/doctor'),
    listKeys: () => call(keyList, 'GET', '/v1/keys'),
    createKey: (key: z.input<typeof newApiKeySchema>) => call(createdApiKeySchema, 'POST', '/v1/keys', { json: key }),
    revokeKey: (tenantId: string, keyId: string) =>
      call(z.undefined(), 'DELETE', `/v1/keys/${encodeURIComponent(tenantId)}/${encodeURIComponent(keyId)}`),
  }
}

type BudgetKey = Pick<BudgetSettings, 'tenantId' | 'budgetId'>

type ModeTarget = Pick<ServiceMode, 'tenantId' | 'service'>

function modePath({ tenantId, service }: ModeTarget): string {
  return `/v1/modes/${encodeURIComponent(tenantId)}/${encodeURIComponent(service)}`
}

function budgetPath({ tenantId, budgetId }: BudgetKey): string {
  return `/v1/budgets/${encodeURIComponent(tenantId)}/${encodeURIComponent(budgetId)}`
}

function uploadForm({ wishes, ...file }: Upload, id: string) {
  const boundary = `sluice-${id}`
  const { metadata, chunking, parsing, tags = [], priority, deadline, quoteId, routing = {} } = wishes
  const fields = {
    ...(Object.keys(metadata).length > 0 && { metadata: JSON.stringify(metadata) }),
    ...(Object.values(chunking).some(value => value !== undefined) && { chunking: JSON.stringify(chunking) }),
    ...(Object.keys(parsing).length > 0 && { parsing: JSON.stringify(parsing) }),
    ...(Object.keys(routing).length > 0 && { routing: JSON.stringify(routing) }),
    ...(tags.length > 0 && { tags: tags.join(',') }),
    ...(priority !== undefined && { priority: String(priority) }),
    ...(deadline !== undefined && { deadline }),
    ...(quoteId !== undefined && { quoteId }),
  }
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: multipartBody(boundary, fields, file) }
}

const documentPage = pageSchema(documentViewSchema)
const jobPage = pageSchema(jobViewSchema)
const keyList = z.object({ items: z.array(apiKeySchema) })
