import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import type { Tables } from '../src/contract/tables.ts'
import type { Database } from '../src/platform/database.ts'
import { findChromium, launchChromium } from '../test/harness/browser.ts'
import type { Measurement } from './measurement.ts'
import { percentile } from './percentile.ts'
import type { ChildServer } from './start-child.ts'

const perSecond = 200
const watchMs = 20_000
/** Of the events every tenth is an alert, which Overview shows; the others are entries of the books. */
const alertEvery = 10
const opens = 5

/** Overview in Chromium: until it can be used, and its frames while events come; nothing where there is no Chromium. */
export async function watchDashboard(server: ChildServer, database: Database<Tables>): Promise<Measurement[]> {
  const path = findChromium()
  if (path === null) return []
  const browser = await launchChromium(path)
  try {
    return [
      ...(await timeOverview(browser, server, '24h')),
      ...(await timeOverview(browser, server, '90d')),
      ...(await watchFrames(browser, server, database)),
    ]
  } finally {
    await browser.close()
  }
}

/** From the navigation until all figures and lists are there, and until the charts are drawn too, each time with an empty cache. */
async function timeOverview(browser: Browser, server: ChildServer, range: string): Promise<Measurement[]> {
  const took: Opened[] = []
  for (let i = 0; i <= opens; i++) {
    const { page, close } = await openPage(browser)
    took.push(await openOverview(page, server, range))
    await close()
  }
  const [, ...warm] = took
  const measure = (name: string, times: readonly number[]) => ({
    name: `Overview of ${range} until ${name}`,
    value: percentile(times, 0.5),
    unit: 'ms',
    range: { from: Math.min(...times), to: Math.max(...times) },
  })
  const usable = measure(
    'it can be used',
    warm.map(({ usableMs }) => usableMs),
  )
  const drawn = measure(
    'its charts are drawn',
    warm.map(({ drawnMs }) => drawnMs),
  )
  return [{ ...usable, bound: { atMost: 1_000 } }, drawn]
}

interface Opened {
  /** All but the charts is there. */
  usableMs: number
  drawnMs: number
}

async function openPage(browser: Browser): Promise<{ page: Page; close(): Promise<void> }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'Europe/Berlin' })
  return { page: await context.newPage(), close: () => context.close() }
}

/** By the page's own clock. */
async function openOverview(page: Page, { url, secret }: ChildServer, range: string): Promise<Opened> {
  await page.goto(`${url}/?range=${range}#key=${secret}`, { waitUntil: 'commit' })
  return await page.evaluate<Opened>(`new Promise(resolve => {
    let usableMs = null
    const look = () => {
      const isLoading = document.querySelector('[aria-label="Loading"]') !== null
      if (usableMs === null && !isLoading && document.querySelector('h1') !== null) usableMs = performance.now()
      const charts = document.querySelectorAll('figure svg.recharts-surface').length
      if (charts < 2 || usableMs === null) requestAnimationFrame(look)
      else requestAnimationFrame(() => setTimeout(() => resolve({ usableMs, drawnMs: performance.now() }), 0))
    }
    look()
  })`)
}

interface Seen {
  frames: number[]
  /** Durations of what kept the page's thread for more than 50 ms. */
  tasks: number[]
  latencies: number[]
}

async function watchFrames(browser: Browser, server: ChildServer, database: Database<Tables>): Promise<Measurement[]> {
  const { page, close } = await openPage(browser)
  await openOverview(page, server, '24h')
  await page
    .getByText('Live', { exact: true })
    .first()
    .waitFor({ timeout: 10_000 })
    .catch(() => {})
  await sleep(2_000)
  const asked = countRequests(page)
  const { frames, tasks, latencies, written } = await watchWhileWriting(page, database)
  await close()
  const empty = await watchEmptyPage(browser, server, database, asked)
  return [
    { name: 'events/s that were committed', value: written / (watchMs / 1_000), unit: 'events/s' },
    { name: 'frames meanwhile', value: frames.length / (watchMs / 1_000), unit: 'a second' },
    { name: longFrames, value: countLong(frames), unit: `of ${frames.length}`, bound: { atMost: 0 } },
    { name: 'of these, for work of the page', value: tasks.length, unit: '' },
    {
      name: `${longFrames}, of an empty page that asks for the same`,
      value: countLong(empty),
      unit: `of ${empty.length}`,
    },
    { name: 'dropped frames, of 60 a second', value: countDropped(frames), unit: '' },
    { name: 'of the empty page', value: countDropped(empty), unit: '' },
    { name: 'the longest frame', value: Math.max(...frames), unit: 'ms' },
    { name: 'of the empty page', value: Math.max(...empty), unit: 'ms' },
    { name: 'from the commit of an event to its being shown, p50', value: percentile(latencies, 0.5), unit: 'ms' },
    { name: 'p95', value: percentile(latencies, 0.95), unit: 'ms', bound: { atMost: 500 } },
    { name: 'worst', value: Math.max(...latencies), unit: 'ms', bound: { atMost: 500 } },
    { name: 'alerts that were seen', value: latencies.length, unit: '' },
  ]
}

const longFrames = 'frames longer than 50 ms'
const countLong = (frames: readonly number[]) => frames.filter(ms => ms > 50).length

const usualMs = 1_000 / 60
const countDropped = (frames: readonly number[]) =>
  frames.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / usualMs) - 1), 0)

async function watchWhileWriting(page: Page, database: Database<Tables>): Promise<Seen & { written: number }> {
  await startWatching(page)
  const written = await writeSteadily(database)
  await sleep(1_000)
  return { ...(await page.evaluate<Seen>('window.watched')), written }
}

/** What is asked for of the API from now on, and how often; what differs in numbers alone, as moments do, is the same. */
function countRequests(page: Page): Map<string, { path: string; count: number }> {
  const asked = new Map<string, { path: string; count: number }>()
  page.on('request', request => {
    const { pathname, search } = new URL(request.url())
    if (!pathname.startsWith('/v1/') || pathname === '/v1/events') return
    const path = pathname + search
    const kind = path.replace(/\d/g, '')
    asked.set(kind, { path, count: (asked.get(kind)?.count ?? 0) + 1 })
  })
  return asked
}

/**
 * The frames that this machine draws of a page that shows nothing, while the server sends it the same events, and it asks the server for the
 * same as often: for want of a core of its own.
 */
async function watchEmptyPage(
  browser: Browser,
  { url, secret }: ChildServer,
  database: Database<Tables>,
  asked: ReturnType<typeof countRequests>,
) {
  const { page, close } = await openPage(browser)
  await page.goto(`${url}/healthz`)
  await page.evaluate(`(() => {
    const options = { headers: { authorization: 'Bearer ${secret}' } }
    void fetch('/v1/events', options).then(async ({ body }) => { for await (const part of body) void part })
    for (const { path, count } of ${JSON.stringify([...asked.values()])})
      setInterval(async () => void (await (await fetch(path, options)).json()), ${watchMs} / count)
  })()`)
  const { frames } = await watchWhileWriting(page, database)
  await close()
  return frames
}

/** Notes each frame, and when an alert with a time in it is first in the page. */
async function startWatching(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    const watched = { frames: [], tasks: [], latencies: [] }
    window.watched = watched
    let last = performance.now()
    const frame = () => {
      const now = performance.now()
      watched.frames.push(now - last)
      last = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    new PerformanceObserver(list => watched.tasks.push(...list.getEntries().map(task => task.duration))).observe({ type: 'longtask' })
    const seen = new Set()
    const look = () => {
      for (const [, at] of document.body.textContent.matchAll(/at bench-(\\d+)/g)) {
        if (seen.has(at)) continue
        seen.add(at)
        watched.latencies.push(Date.now() - Number(at))
      }
    }
    const alerts = document.body
    new MutationObserver(look).observe(alerts, { subtree: true, childList: true, characterData: true })
  })()`)
}

/** Commits the events one by one; gives how many. */
async function writeSteadily(database: Database<Tables>): Promise<number> {
  const startedAt = performance.now()
  const written: Promise<unknown>[] = []
  for (let i = 0; performance.now() < startedAt + watchMs; i++) {
    while (performance.now() < startedAt + (i * 1_000) / perSecond) await sleep(1)
    written.push(i % alertEvery === 0 ? writeAlert(database) : writeEntry(database))
  }
  await Promise.all(written)
  return written.length
}

/** The time that it names is that of the clock at which it is committed, as nearly as that can be said. */
async function writeAlert(database: Database<Tables>): Promise<void> {
  await database.session(({ client }) =>
    client.query(
      `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) VALUES ('bench', 'call_overrun', gen_random_uuid()::text,
        jsonb_build_object('service', 'parse', 'provider', 'bench-' || floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint))`,
    ),
  )
}

async function writeEntry(database: Database<Tables>): Promise<void> {
  await database.session(({ client }) =>
    client.query(
      `INSERT INTO sluice.ledger_entries (tenant_id, entry_id, call_id, kind, service, provider, model, mode, simulated, reasons, purpose,
         units, cost_nano_usd, shadow_nano_usd)
       VALUES ('bench', gen_random_uuid(), gen_random_uuid(), 'settlement', 'embed', 'openai', 'text-embedding-3-small', 'real', false, '{}', 'gateway',
         10, 200, 200)`,
    ),
  )
}
