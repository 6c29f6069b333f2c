import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { findBarriers, findChromium, launchChromium } from './harness/browser.ts'
import { createEmbeddedPlace, type Place } from './harness/databases.ts'
import { type OpenAiServer, startOpenAiServer } from './harness/open-ai-server.ts'
import { apiKey, type SluiceUnderTest, startSluice } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

const chromiumPath = findChromium()
const skip = chromiumPath === null ? 'there is no Chromium here (CHROMIUM_PATH)' : false
const script = (name: string, ...args: string[]) => {
  const path = fileURLToPath(new URL(`../scripts/${name}`, import.meta.url))
  return spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' })
}

describe('dashboard', { skip }, () => {
  let place: Place
  let openAi: OpenAiServer
  let sluice: SluiceUnderTest
  let browser: Browser
  let page: Page
  const complaints: string[] = []
  const open = (path: string, on = page) => on.goto(sluice.server.url + path)
  const see = (text: string | RegExp, on = page) => on.getByText(text).first().waitFor({ timeout: 15_000 })
  const put = (path: string, body: object) => sluice.request('PUT', path, body)
  const budget = { service: 'embed', period: 'day', timeZone: 'UTC' }

  before(async () => {
    const built = script('build-dashboard.ts', '--if-stale')
    assert.equal(built.status, 0, built.stderr)
    place = await createEmbeddedPlace()
    openAi = await startOpenAiServer()
    sluice = await startSluice(place, openAi.environment)
    browser = await launchChromium(chromiumPath ?? '')
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
    page.on('pageerror', error => complaints.push(error.message))
    page.on('console', message => {
      if (message.type() === 'error' && message.text().includes('Content Security Policy'))
        complaints.push(message.text())
    })
    await open(`/#key=${apiKey}`)
    await see('Nothing here yet')
  })
  after(async () => {
    await browser?.close()
    await sluice?.close()
    await openAi?.close()
    await place?.remove()
  })

  test('the first load is small', () => {
    const { status, stdout } = script('measure-dashboard.ts')
    assert.equal(status, 0, stdout)
  })

  test('a key of a link is kept out of the address, and a wrong one is refused', async () => {
    assert.equal(new URL(page.url()).hash, '')
    const stranger = await browser.newPage()
    await open('/budgets', stranger)
    await stranger.getByLabel('API key').fill('sk-wrong')
    await stranger.getByRole('button', { name: 'Sign in' }).click()
    await see('This key is unknown or revoked.', stranger)
    await stranger.close()
  })

  test('an upload is seen to finish without a reload, found by search, and followed to the lines of the books', async () => {
    await open('/documents')
    await page.evaluate('window.wasNotReloaded = true')
    await page.locator('input[type=file]').setInputFiles({
      name: 'valves.md',
      mimeType: 'text/markdown',
      buffer: Buffer.from('# Valves\n\nThe northern valve leaks in March.\n'),
    })
    const row = page.getByRole('row', { name: /valves\.md/ })
    await row.getByText('Succeeded').waitFor()
    await page.getByRole('link', { name: 'Search' }).click()
    await page.getByLabel('Question').fill('Which valve leaks?')
    await page.getByRole('button', { name: 'Search' }).click()
    await see('by meaning and by words')
    await page.getByRole('link', { name: 'valves.md' }).click()
    await see('Settlement')
    const { costs } = await sluice.document((await sluice.settled())[0]?.documentId ?? '')
    const paid = costs.find(line => line.service === 'embed')?.costNanoUsd ?? '0'
    assert.ok(BigInt(paid) > 0n)
    await page
      .getByText(`$0.${paid.padStart(9, '0').replace(/0+$/, '')}`)
      .first()
      .waitFor()
    assert.equal(await page.evaluate('window.wasNotReloaded'), true)
  })

  test('a spent budget holds a document back, says so, and a raised cap lets it finish', async () => {
    await put('/v1/budgets/*/tiny', { ...budget, capNanoUsd: '1' })
    await open('/budgets')
    await sluice.upload('pumps.md', '# Pumps\n\nThe second pump is too loud.\n')
    const waiting = page.getByRole('row', { name: /pumps\.md/ })
    await waiting.waitFor()
    await see('Work waits')
    await page.getByRole('button', { name: 'Edit tiny' }).click()
    await page.getByLabel('Cap in dollars').fill('5')
    await page.getByRole('button', { name: 'Save' }).click()
    await waiting.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Documents' }).click()
    await page
      .getByRole('row', { name: /pumps\.md/ })
      .getByText('Succeeded')
      .waitFor()
  })

  test('a mode is switched after a question, with a reason that the audit log keeps', async () => {
    await open('/services')
    await page.getByRole('radiogroup', { name: 'Mode of parse' }).getByText('Mock').click()
    const dialog = page.getByRole('dialog')
    assert.ok(await dialog.getByRole('button', { name: 'Switch to mock' }).isDisabled())
    await dialog.getByLabel('Reason').fill('to see the simulator')
    await dialog.getByRole('button', { name: 'Switch to mock' }).click()
    await see(/to see the simulator/)
    await page.getByRole('link', { name: 'Audit' }).click()
    await see(/to see the simulator/)
    await sluice.request('DELETE', '/v1/modes/*/parse')
  })

  test('a provider that breaks is seen to break, and what waits for it says so', async () => {
    await open('/')
    openAi.outage = { kind: 'down', requests: 0 }
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f'])
      await sluice.upload(`${name}.md`, `# ${name}\n\nWater ${name}.\n`)
    await see('Breaker open')
    await see(/Provider unhealthy/)
    await page.getByRole('link', { name: 'Services' }).click()
    await see('Breaker open')
    openAi.outage = null
    await page.getByText('Breaker open').waitFor({ state: 'detached' })
  })

  test('a key of another tenant sees nothing of it', async () => {
    const { body } = await sluice.request<{ secret: string }>('POST', '/v1/keys', {
      tenantId: 'other',
      name: 'browser',
    })
    const stranger = await (await browser.newContext()).newPage()
    await open(`/#key=${body.secret}`, stranger)
    await see('Nothing here yet', stranger)
    assert.equal(await stranger.getByRole('link', { name: 'System' }).count(), 0)
    await stranger.context().close()
  })

  test('no page has a barrier that axe knows in either theme, moves while it loads, or is wider than a phone', async () => {
    await sluice.upload('broken.pdf', '%PDF-1.7 and nothing else')
    const [document] = (await sluice.settled()).filter(({ live }) => live !== null)
    const paths = ['/', '/documents', `/documents/${document?.documentId}`, '/search?q=valve', '/services', '/budgets']
    const barriers: string[] = []
    for (const path of [...paths, '/costs', '/errors', '/system', '/audit']) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        if (colorScheme === 'light') {
          await page.setViewportSize({ width: 1280, height: 900 })
          await open(path)
          await page.locator('h1').waitFor()
          await page.locator('[aria-label=Loading]').first().waitFor({ state: 'detached' })
          const shift = await page.evaluate<number>(shiftSoFar)
          if (shift > 0.1) barriers.push(`${path} moves by ${shift.toFixed(3)}`)
        }
        const rules = colorScheme === 'light' ? 'all' : 'colours'
        for (const barrier of await findBarriers(page, rules)) barriers.push(`${path} ${colorScheme}: ${barrier}`)
      }
      await page.setViewportSize({ width: 390, height: 844 })
      // Charts find their new width a moment later.
      const giveUpAt = Date.now() + 5_000
      const wide = await until('the page has its width', async () => {
        const found = await page.evaluate<string[]>(tooWide)
        return found.length === 0 || Date.now() > giveUpAt ? found : null
      })
      for (const element of wide) barriers.push(`${path} is wider than a phone: ${element}`)
    }
    assert.deepEqual(barriers, [])
    assert.deepEqual(complaints, [])
  })
})

/** What sticks out of the window, where the whole page can be scrolled sideways. */
const tooWide = `document.documentElement.scrollWidth <= 390 ? [] : [...document.querySelectorAll('body *')]
  .filter(element => element.getBoundingClientRect().right > 391 && !element.closest('[role=group]'))
  .slice(0, 5).map(({ outerHTML }) => outerHTML.slice(0, 160))
  .concat('scrolls to ' + document.documentElement.scrollWidth)`

/** How much of the page moved without anybody having done something (Cumulative Layout Shift). */
const shiftSoFar = `new Promise(resolve => {
  new PerformanceObserver(list => resolve(list.getEntries().reduce((sum, entry) => sum + (entry.hadRecentInput ? 0 : entry.value), 0)))
    .observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => resolve(0), 150)
})`
