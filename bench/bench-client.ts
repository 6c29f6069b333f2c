import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isTerminal } from '../src/contract/job.ts'
import type { JobView } from '../src/contract/job-view.ts'
import type { SearchResponse } from '../src/contract/search.ts'
import type { ServerReport } from '../src/contract/server-report.ts'

/** What the bench asks of a server, over kept-alive connections and with little work of its own. */
export interface BenchClient {
  upload(path: string): Promise<void>
  search(query: string, k: number): Promise<SearchResponse>
  /** Waits until no job is unfinished. */
  settled(): Promise<void>
  jobs(): Promise<JobView[]>
  close(): void
}

const boundary = 'sluice-bench-3f9a1c'
const pollEveryMs = 200

export function createBenchClient(url: string, secret: string): BenchClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const call = <T>(method: string, path: string, contentType?: string, body?: Buffer) =>
    new Promise<T>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${secret}`,
        ...(body && { 'content-type': contentType, 'content-length': body.length }),
      }
      const sent = request(url + path, { method, agent, headers }, async response => {
        const text = Buffer.concat(await Array.fromAsync(response)).toString()
        if ((response.statusCode ?? 500) >= 300) reject(new Error(`${method} ${path} was answered with ${text}`))
        else resolve(JSON.parse(text) as T)
      })
      sent.on('error', reject).end(body)
    })
  const client: BenchClient = {
    async upload(path) {
      const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${basename(path)}"\r\n\r\n`
      const body = Buffer.concat([Buffer.from(head), await readFile(path), Buffer.from(`\r\n--${boundary}--\r\n`)])
      await call('POST', '/v1/documents', `multipart/form-data; boundary=${boundary}`, body)
    },
    search: (query, k) => call('POST', '/v1/search', 'application/json', Buffer.from(JSON.stringify({ query, k }))),
    async settled() {
      while ((await call<ServerReport>('GET', '/v1/doctor')).jobs.length > 0) await sleep(pollEveryMs)
    },
    async jobs() {
      const jobs: JobView[] = []
      for (let cursor = ''; ; ) {
        const after = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page = await call<{ items: JobView[]; nextCursor: string | null }>('GET', `/v1/jobs?limit=200${after}`)
        jobs.push(...page.items)
        if (page.nextCursor === null) return jobs
        cursor = page.nextCursor
      }
    },
    close: () => agent.destroy(),
  }
  return client
}

/** Throws when a job did not succeed: a figure of a run that lost documents would mean nothing. */
export function requireSuccess(jobs: readonly JobView[], count: number): void {
  const wrong = jobs.find(job => !isTerminal(job.state) || job.state !== 'succeeded')
  if (wrong) throw new Error(`job ${wrong.jobId} is ${wrong.state} at ${wrong.stage}: ${wrong.error?.message}`)
  if (jobs.length !== count) throw new Error(`${count} documents were uploaded, ${jobs.length} jobs are there`)
}
