import { type RunningServer, startServer } from '../../src/app/start-server.ts'
import type { DocumentDetail, DocumentView, UploadAnswer } from '../../src/contract/document-view.ts'
import { isTerminal } from '../../src/contract/job.ts'
import type { JobDetail } from '../../src/contract/job-view.ts'
import type { SearchResponse } from '../../src/contract/search.ts'
import type { Tables } from '../../src/contract/tables.ts'
import type { Database } from '../../src/platform/database.ts'
import type { OpenAiSimulator } from '../../src/providers/openai/simulator.ts'
import type { Place } from './databases.ts'

/** A server in this process, and what a client does with it over HTTP. */
export interface SluiceUnderTest extends Client {
  server: RunningServer
  database: Database<Tables>
  /** The simulated embedding provider: faults can be injected, requests are counted. */
  simulator: OpenAiSimulator
  /** Runs a statement on Sluice's own database; the rows have the names of the columns. */
  sql<Row>(statement: string, values?: readonly unknown[]): Promise<Row[]>
  /** A client with a fresh key of another tenant. */
  clientOf(tenantId: string): Promise<Client>
  close(): Promise<void>
}

export interface Answer<T> {
  status: number
  body: T
  headers: Headers
}

export interface Client {
  request<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>
  upload(name: string, bytes: Uint8Array | string, options?: UploadOptions): Promise<Answer<UploadAnswer>>
  /** Uploads and waits for the end; the answer is what `GET /v1/documents/:id` says then. */
  ingest(name: string, bytes: Uint8Array | string, options?: UploadOptions): Promise<DocumentDetail>
  document(documentId: string): Promise<DocumentDetail>
  job(jobId: string): Promise<JobDetail>
  search(query: string, more?: object): Promise<SearchResponse>
  /** Waits until no job is unfinished; returns all documents. */
  settled(): Promise<DocumentView[]>
}

export interface UploadOptions {
  metadata?: object
  chunking?: object
  parsing?: object
  routing?: object
  idempotencyKey?: string
  tags?: readonly string[]
  priority?: number
  deadline?: string
  quoteId?: string
}

/** The admin key of the tenant `default`. */
export const apiKey = 'sk-sluice-test'

/** Starts Sluice on the given place, with an admin key of the tenant `default`. */
export async function startSluice(place: Place, environment: Record<string, string> = {}): Promise<SluiceUnderTest> {
  const all = {
    ...place.environment,
    SLUICE_PORT: '0',
    SLUICE_LOG_LEVEL: 'silent',
    ...environment,
  }
  const server = await startServer(all, { tenantId: 'default', role: 'admin', secret: apiKey })
  const { api, services } = server.sluice
  const client = createClient(server.url, apiKey)
  return {
    ...client,
    server,
    database: api.database,
    simulator: services.simulator,
    sql: (statement, values = []) =>
      api.database.session(async session => (await session.client.query(statement, [...values])).rows),
    async clientOf(tenantId) {
      const { body } = await client.request<{ secret: string }>('POST', '/v1/keys', { tenantId, name: 'test' })
      return createClient(server.url, body.secret)
    },
    close: server.close,
  }
}

export function createClient(url: string, apiKey: string): Client {
  const client: Client = {
    async request(method, path, body, headers = {}) {
      const isForm = body instanceof FormData
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers }
    },
    async upload(name, bytes, options = {}) {
      const form = new FormData()
      form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name)
      if (options.metadata) form.append('metadata', JSON.stringify(options.metadata))
      if (options.chunking) form.append('chunking', JSON.stringify(options.chunking))
      if (options.parsing) form.append('parsing', JSON.stringify(options.parsing))
      if (options.routing) form.append('routing', JSON.stringify(options.routing))
      if (options.tags) form.append('tags', options.tags.join(','))
      if (options.priority !== undefined) form.append('priority', String(options.priority))
      if (options.deadline) form.append('deadline', options.deadline)
      if (options.quoteId) form.append('quoteId', options.quoteId)
      const headers = options.idempotencyKey ? { 'idempotency-key': options.idempotencyKey } : {}
      return await client.request('POST', '/v1/documents', form, headers)
    },
    async ingest(name, bytes, options) {
      const { body } = await client.upload(name, bytes, options)
      for (;;) {
        const document = await client.document(body.document.documentId)
        if (isTerminal(document.job.state)) return document
        await pause(50)
      }
    },
    document: async id => (await client.request<DocumentDetail>('GET', `/v1/documents/${id}`)).body,
    job: async id => (await client.request<JobDetail>('GET', `/v1/jobs/${id}`)).body,
    search: async (query, more = {}) =>
      (await client.request<SearchResponse>('POST', '/v1/search', { query, ...more })).body,
    async settled() {
      for (;;) {
        const { body } = await client.request<{ items: DocumentView[] }>('GET', '/v1/documents?limit=200')
        if (body.items.every(document => isTerminal(document.job.state))) return body.items
        await pause(100)
      }
    },
  }
  return client
}

/** Between two looks at something that another process or thread is about to change. */
export function pause(durationMs: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, durationMs))
}
