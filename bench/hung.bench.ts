import { setTimeout as sleep } from 'node:timers/promises'
import type { DocumentView } from '../src/contract/document-view.ts'
import { startOpenAiServer } from '../test/harness/open-ai-server.ts'
import { startPaidCloud } from '../test/harness/paid-cloud.ts'
import { createPlace, type DatabaseKind } from './create-place.ts'
import type { Measurement } from './measurement.ts'
import { percentile } from './percentile.ts'
import { readDocuments } from './read-all.ts'
import { startChild } from './start-child.ts'

const perSecond = 2
const searchesPerSecond = 8
const warmUpMs = 15_000
const phaseMs = 60_000
const settleMs = 10_000

interface Server {
  url: string
  secret: string
}

/** Which provider hangs, and what keeps the other tenant away from it. */
type Hanging = 'llamaparse' | 'openai'

/**
 * Two tenants bring in two documents a second each, and the second one searches eight times a second. Then a provider that one of them works with answers nothing any more: how long
 * the other one's documents and searches take, in the minute before and in the minute that begins with it.
 */
export async function benchHung(kind: DatabaseKind): Promise<Measurement[]> {
  return [...(await hang(kind, 'llamaparse')), ...(await hang(kind, 'openai'))]
}

async function hang(kind: DatabaseKind, hanging: Hanging): Promise<Measurement[]> {
  const [cloud, openAi] = [await startPaidCloud(), await startOpenAiServer()]
  const place = await createPlace(kind)
  const server = await startChild({ ...place.environment, ...cloud.environment, ...openAi.environment })
  try {
    const well = { ...server, secret: await createTenant(server, 'well') }
    const mode = hanging === 'llamaparse' ? ['parse', 'local'] : ['embed', 'mock']
    await ask(server, 'PUT', `/v1/modes/well/${mode[0]}`, { mode: mode[1] })
    await load(server, well, warmUpMs)
    const before = await phase(server, well)
    if (hanging === 'llamaparse') cloud.outage = { kind: 'hangs', uploads: 0 }
    else openAi.outage = { kind: 'hangs', requests: 0 }
    const during = await phase(server, well)
    const stuck = (await readDocuments(server)).filter(({ job }) => job.state !== 'succeeded').length
    ;[cloud.outage, openAi.outage] = [null, null]
    return [
      ...compare(`${hanging} hangs: another tenant's documents`, before.documents, during.documents),
      ...compare(`${hanging} hangs: another tenant's searches`, before.searches, during.searches),
      { name: `${hanging} hangs: documents that wait for it at the end`, value: stuck, unit: '' },
    ]
  } finally {
    await server.close()
    await cloud.close()
    await openAi.close()
    await place.remove()
  }
}

interface Phase {
  /** From the upload to the moment at which it can be found, in milliseconds. */
  documents: number[]
  searches: number[]
}

async function phase(sick: Server, well: Server): Promise<Phase> {
  const sinceMs = Date.now()
  const searches = await load(sick, well, phaseMs)
  await sleep(settleMs)
  const own = (await readDocuments(well)).filter(({ createdAt }) => Date.parse(createdAt) >= sinceMs)
  return { documents: own.map(durationOf), searches }
}

/** One that is not done yet counts as long as it has been waiting. */
function durationOf({ createdAt, job, live }: DocumentView): number {
  const endMs = live && job.finishedAt ? Date.parse(job.finishedAt) : Date.now()
  return endMs - Date.parse(createdAt)
}

let sent = 0

/** Both tenants upload in turn, and meanwhile, at moments of their own, the second one's searches come; gives how long those took. */
async function load(sick: Server, well: Server, durationMs: number): Promise<number[]> {
  const endAt = Date.now() + durationMs
  const uploads = often(perSecond, endAt, () => Promise.all([upload(sick), upload(well)]))
  const searches = await often(searchesPerSecond, endAt, async () => {
    const startedAt = performance.now()
    await ask(well, 'POST', '/v1/search', { query: `How deep is field ${sent}?`, k: 5 })
    return performance.now() - startedAt
  })
  await uploads
  return searches
}

/** Starts `act` so often until then, whether the ones before have ended or not, and gives what all of them gave. */
async function often<T>(timesPerSecond: number, endAt: number, act: () => Promise<T>): Promise<T[]> {
  const underWay: Promise<T>[] = []
  for (; Date.now() < endAt; await sleep(1_000 / timesPerSecond)) underWay.push(act())
  return await Promise.all(underWay)
}

async function upload({ url, secret }: Server): Promise<void> {
  const form = new FormData()
  form.append('file', new Blob([textOf(sent)]), `hung-${sent++}.md`)
  const headers = { authorization: `Bearer ${secret}` }
  await (await fetch(`${url}/v1/documents`, { method: 'POST', headers, body: form })).text()
}

async function createTenant(server: Server, tenantId: string): Promise<string> {
  return (await ask<{ secret: string }>(server, 'POST', '/v1/keys', { tenantId, name: 'bench' })).secret
}

async function ask<T>({ url, secret }: Server, method: string, path: string, body: object): Promise<T> {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${await response.text()}`)
  return (await response.json()) as T
}

function compare(name: string, before: readonly number[], during: readonly number[]): Measurement[] {
  const [healthy, hung] = [percentile(before, 0.95), percentile(during, 0.95)]
  return [
    { name: `${name}, p95 before`, value: healthy, unit: 'ms' },
    { name: `${name}, p95 while it hangs / before`, value: hung / healthy, unit: '×', bound: { atMost: 1.2 } },
  ]
}

function textOf(i: number): string {
  return `# Field ${i}\n\nThe well of field number ${i} is ${i * 3} metres deep, and row ${i * 7} took ${i * 11} litres.`
}
