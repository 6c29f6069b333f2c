import { setTimeout as sleep } from 'node:timers/promises'
import { startOpenAiServer } from '../test/harness/open-ai-server.ts'
import { startPaidCloud } from '../test/harness/paid-cloud.ts'
import { createPlace, type DatabaseKind } from './create-place.ts'
import type { Measurement } from './measurement.ts'
import { readDocuments, readJobs } from './read-all.ts'
import { startChild } from './start-child.ts'

const perSecond = 2
const beforeMs = 20_000
const recoveryMs = 60_000
/** Upgrades go one after another, as fast as the provider's limit of uploads allows. */
const patienceMs = 300_000
const patiencePerMinuteMs = 60_000

/**
 * Both providers answer 503 for some minutes while two documents a second come in, each with a page of tables for LlamaParse: what is sent
 * to the dead, whether everything is complete in the end, and how soon it flows as before. The server runs in a process of its own.
 */
export async function benchOutage(kind: DatabaseKind, minutes: number): Promise<Measurement[]> {
  const [cloud, openAi] = [await startPaidCloud(), await startOpenAiServer()]
  const place = await createPlace(kind)
  // So that it is soon sure that an upload which was answered with 503 was never taken.
  const settings = { SLUICE_PARSE_MODE: 'hybrid', SLUICE_LLAMAPARSE_TIMEOUT_MS: '500' }
  const server = await startChild({ ...place.environment, ...cloud.environment, ...openAi.environment, ...settings })
  let sent = 0
  const send = async () => {
    const form = new FormData()
    form.append('file', new Blob([tableOf(sent)]), `outage-${sent++}.md`)
    const headers = { authorization: `Bearer ${server.secret}` }
    await (await fetch(`${server.url}/v1/documents`, { method: 'POST', headers, body: form })).text()
  }
  const sendFor = async (durationMs: number) => {
    for (const endAt = Date.now() + durationMs; Date.now() < endAt; await sleep(1_000 / perSecond)) await send()
  }
  try {
    const startedAt = Date.now()
    await sendFor(beforeMs)
    const outageAt = Date.now()
    const outage = { kind: 'down' as const, uploads: 0 }
    const silence = { kind: 'down' as const, requests: 0 }
    ;[cloud.outage, openAi.outage] = [outage, silence]
    const first = sent
    await sendFor(minutes * 60_000)
    const during = sent - first
    ;[cloud.outage, openAi.outage] = [null, null]
    const recoveredAt = Date.now()
    await sendFor(recoveryMs)
    const recovered = await readDocuments(server)
    const late = recovered.filter(({ createdAt }) => Date.parse(createdAt) > recoveredAt + recoveryMs / 2)
    const live = late.filter(document => document.live !== null && Date.parse(document.createdAt) < Date.now() - 5_000)
    const due = late.filter(document => Date.parse(document.createdAt) < Date.now() - 5_000)
    const ended = (await readJobs(server)).map(({ finishedAt }) => Date.parse(finishedAt ?? ''))
    const perSecondIn = (fromMs: number, toMs: number) =>
      ended.filter(ms => ms >= fromMs && ms < toMs).length / ((toMs - fromMs) / 1_000)
    const before = perSecondIn(startedAt + beforeMs / 4, outageAt)
    const after = perSecondIn(recoveredAt + recoveryMs / 2, recoveredAt + recoveryMs)
    const upgradedAfterMs = await untilUpgraded(server, recoveredAt, patienceMs + minutes * patiencePerMinuteMs)
    const all = await readDocuments(server)
    return [
      {
        name: `uploads to the dead LlamaParse for each of ${during} documents`,
        value: outage.uploads / during,
        unit: '',
        bound: { atMost: 1.1 },
      },
      {
        name: 'requests to the dead OpenAI for each document',
        value: silence.requests / during,
        unit: '',
        bound: { atMost: 1.1 },
      },
      {
        name: 'jobs done each second 30 to 60 s after the outage / before it',
        value: after / before,
        unit: '×',
        bound: { atLeast: 0.95 },
      },
      {
        name: 'of what came 30 to 55 s after the outage, live within 5 s, beside all that had waited',
        value: live.length / Math.max(1, due.length),
        unit: '',
      },
      {
        name: 'documents not complete in the end',
        value: all.filter(d => d.job.state !== 'succeeded').length,
        unit: '',
        bound: { atMost: 0 },
      },
      {
        name: 'provisional ones left',
        value: all.filter(d => d.live?.provenance.parse.provisional).length,
        unit: '',
        bound: { atMost: 0 },
      },
      { name: 'all done again after', value: upgradedAfterMs / 1_000, unit: 's' },
    ]
  } finally {
    await server.close()
    await cloud.close()
    await openAi.close()
    await place.remove()
  }
}

async function untilUpgraded(
  server: { url: string; secret: string },
  sinceMs: number,
  withinMs: number,
): Promise<number> {
  for (const endAt = Date.now() + withinMs; Date.now() < endAt; await sleep(1_000)) {
    const documents = await readDocuments(server)
    if (documents.every(({ live }) => live !== null && !live.provenance.parse.provisional)) break
  }
  return Date.now() - sinceMs
}

function tableOf(i: number): string {
  return `| Well ${i} | Depth |\n| --- | --- |\n| Field number ${i} | ${i * 3} metres |\n| Row ${i * 7} | ${i * 11} litres |`
}
