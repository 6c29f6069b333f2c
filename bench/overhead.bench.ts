import { setTimeout as sleep } from 'node:timers/promises'
import type { Comparison } from '../src/contract/comparison.ts'
import type { DocumentView } from '../src/contract/document-view.ts'
import { startOpenAiServer } from '../test/harness/open-ai-server.ts'
import { startPaidCloud, webhookSecret } from '../test/harness/paid-cloud.ts'
import { createPlace, type DatabaseKind } from './create-place.ts'
import type { Measurement } from './measurement.ts'
import { readDocuments } from './read-all.ts'
import { startChild } from './start-child.ts'

const latenciesMs = [1_000, 4_000, 16_000, 60_000]
const documents = 6
const allowedShare = 0.05
/** What may lie between two looks at a job, where no webhook says that it is done. */
const lookMs = 2_000
const noiseMs = 500

/**
 * How long documents take beyond the time of the provider, which needs between a second and a minute for each: what is above 5 % of that must not
 * grow with it. Once with webhooks, once without.
 */
export async function benchOverhead(kind: DatabaseKind): Promise<Measurement[]> {
  const results: Measurement[] = []
  for (const webhooks of [true, false]) {
    let leastMs = Number.POSITIVE_INFINITY
    for (const latencyMs of latenciesMs) {
      const sides = await ingestAt(kind, latencyMs, webhooks)
      const constants = sides.map(({ totalMs, providerMs }) => totalMs - providerMs - allowedShare * providerMs)
      const constantMs = constants.toSorted((a, b) => a - b)[Math.floor(constants.length / 2)] ?? Number.NaN
      const providerMs = sides.reduce((sum, side) => sum + side.providerMs, 0) / sides.length
      const allowedMs = leastMs + noiseMs + (webhooks ? 0 : lookMs)
      results.push({
        name: `${webhooks ? 'with' : 'without'} webhooks, provider ${(providerMs / 1_000).toFixed(1)} s: overhead beyond 5 % of that`,
        value: constantMs,
        unit: 'ms',
        ...(Number.isFinite(leastMs) && { bound: { atMost: Math.round(allowedMs) } }),
      })
      leastMs = Math.min(leastMs, constantMs)
    }
  }
  return results
}

interface Times {
  totalMs: number
  providerMs: number
}

async function ingestAt(kind: DatabaseKind, latencyMs: number, webhooks: boolean): Promise<Times[]> {
  const cloud = await startPaidCloud({ timing: { pendingMs: 0, runningMs: latencyMs, msPerPage: 0 } })
  const openAi = await startOpenAiServer()
  const place = await createPlace(kind)
  // The simulator brings webhooks for a public address to the server.
  const settings = { SLUICE_PUBLIC_URL: 'https://sluice.example.com', SLUICE_WEBHOOK_SECRETS: webhookSecret }
  const environment = { ...place.environment, ...cloud.environment, ...openAi.environment, ...(webhooks && settings) }
  const server = await startChild(environment)
  cloud.webhooksTo = server.url
  const request = async (path: string, body?: FormData) => {
    const headers = { authorization: `Bearer ${server.secret}` }
    const response = await fetch(server.url + path, { headers, ...(body && { method: 'POST', body }) })
    return await response.json()
  }
  try {
    await ingest(request, server, 1, latencyMs) // a server's first document waits for much that is done once
    const live = await ingest(request, server, documents, latencyMs)
    return await Promise.all(
      live.map(async ({ live: version }) => {
        const id = version?.versionId
        const { a } = (await request(`/v1/comparisons/${id}/${id}`)) as Comparison
        const sum = (of: (stage: (typeof a.stages)[number]) => number) => a.stages.reduce((all, s) => all + of(s), 0)
        return { totalMs: sum(s => s.workMs + s.waitedMs), providerMs: sum(s => s.providerMs ?? 0) }
      }),
    )
  } finally {
    await server.close()
    await cloud.close()
    await openAi.close()
    await place.remove()
  }
}

let sent = 0

/** Uploads documents one after another, and waits until all are live; gives these. */
async function ingest(
  request: (path: string, body?: FormData) => Promise<unknown>,
  server: { url: string; secret: string },
  count: number,
  latencyMs: number,
): Promise<DocumentView[]> {
  const names = new Set<string>()
  for (let i = 0; i < count; i++) {
    const form = new FormData()
    const name = `overhead-${sent++}.md`
    form.append('file', new Blob([`# Report ${sent}\n\nWell ${sent} was looked at on day ${sent * 7}.`]), name)
    await request('/v1/documents', form)
    names.add(name)
    await sleep(300)
  }
  const mostMs = 2 * latencyMs + 60_000
  for (const endAt = Date.now() + mostMs; Date.now() < endAt; await sleep(500)) {
    const own = (await readDocuments(server)).filter(({ fileName }) => names.has(fileName))
    if (own.length === count && own.every(({ live }) => live !== null)) return own
  }
  throw new Error(`not all of ${count} documents were live after ${mostMs / 1_000} s`)
}
