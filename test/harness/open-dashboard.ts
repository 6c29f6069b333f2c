import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import type { SuiteContext, TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { findChromium, launchChromium } from './browser.ts'
import { createEmbeddedPlace } from './databases.ts'
import { type OpenAiServer, startOpenAiServer } from './open-ai-server.ts'
import { apiKey, type SluiceUnderTest, startSluice } from './sluice-under-test.ts'
import { watchPage } from './watch-page.ts'

/** The dashboard in a browser, signed in with an admin key of the tenant `default`, on a server that embeds for money at a simulated OpenAI. */
export interface DashboardUnderTest {
  sluice: SluiceUnderTest
  openAi: OpenAiServer
  browser: Browser
  page: Page
  /** What the page threw, and what its Content-Security-Policy refused. */
  complaints: string[]
  open(path: string, on?: Page): Promise<unknown>
  see(text: string | RegExp, on?: Page): Promise<void>
  /** For `afterEach`: of a test that has failed, what the page shows and has asked for. */
  tellOfFailure(test: TestContext | SuiteContext): Promise<void>
  close(): Promise<void>
}

const chromiumPath = findChromium()
/** Why tests in a browser are left out; false where there is one. */
export const withoutBrowser = chromiumPath === null ? 'there is no Chromium here (CHROMIUM_PATH)' : false

export function runScript(name: string, ...args: string[]) {
  const path = fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url))
  return spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' })
}

export async function openDashboard(environment: Record<string, string> = {}): Promise<DashboardUnderTest> {
  const built = runScript('build-dashboard.ts', '--if-stale')
  assert.equal(built.status, 0, built.stderr)
  const place = await createEmbeddedPlace()
  const openAi = await startOpenAiServer()
  const sluice = await startSluice(place, { ...openAi.environment, ...environment })
  const browser = await launchChromium(chromiumPath ?? '')
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  const watch = watchPage(page)
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error' && message.text().includes('Content Security Policy'))
      complaints.push(message.text())
  })
  const dashboard: DashboardUnderTest = {
    ...{ sluice, openAi, browser, page, complaints },
    open: (path, on = page) => on.goto(sluice.server.url + path),
    see: (text, on = page) => on.getByText(text).first().waitFor({ timeout: 15_000 }),
    async tellOfFailure(test) {
      if ('diagnostic' in test && !test.passed) test.diagnostic(await watch.report())
    },
    async close() {
      await browser.close()
      await sluice.close()
      await openAi.close()
      await place.remove()
    },
  }
  await dashboard.open(`/#key=${apiKey}`)
  await dashboard.see('Nothing here yet')
  return dashboard
}
