import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { findPageFaults } from './harness/find-page-faults.ts'
import type { OpenAiServer } from './harness/open-ai-server.ts'
import { type DashboardUnderTest, openDashboard, runScript, withoutBrowser } from './harness/open-dashboard.ts'
import { pause, type SluiceUnderTest } from './harness/sluice-under-test.ts'

describe('dashboard', { skip: withoutBrowser }, () => {
  let dashboard: DashboardUnderTest
  let sluice: SluiceUnderTest
  let openAi: OpenAiServer
  let browser: Browser
  let page: Page
  before(async () => {
    dashboard = await openDashboard()
    ;({ sluice, openAi, browser, page } = dashboard)
  })
  after(() => dashboard?.close())
  afterEach(t => dashboard.tellOfFailure(t))
  const open = (path: string, on = page) => dashboard.open(path, on)
  const see = (text: string | RegExp, on = page) => dashboard.see(text, on)
  const put = (path: string, body: object) => sluice.request('PUT', path, body)
  const budget = { service: 'embed', period: 'day', timeZone: 'UTC' }

  /** What the page asks first is answered at once, and the answer comes when the stream of events, held back as well, is there. */
  async function holdBackWhatWaits() {
    const asked = Promise.withResolvers<void>()
    const stream = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const isStream = (url: URL) => url.pathname === '/v1/events'
    const isWhatWaits = (url: URL) => url.pathname === '/v1/jobs' && url.searchParams.get('state') === 'deferred'
    await page.route(isStream, route => stream.promise.then(() => route.continue()))
    await page.route(isWhatWaits, async route => {
      const response = await route.fetch()
      asked.resolve()
      await answer.promise
      await route.fulfill({ response })
    })
    return {
      asked: asked.promise,
      async release() {
        stream.resolve()
        await page.getByText('Live', { exact: true }).waitFor()
        await pause(500)
        answer.resolve()
        await page.unrouteAll({ behavior: 'wait' })
      },
    }
  }

  test('the first load is small', () => {
    const { status, stdout } = runScript('measure-dashboard.ts')
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

  test('a spent budget holds a document back, also while the page is still loading, and a raised cap lets it finish', async t => {
    await put('/v1/budgets/*/tiny', { ...budget, capNanoUsd: '1' })
    t.after(() => put('/v1/budgets/*/tiny', { ...budget, capNanoUsd: '5000000000' }))
    const { asked, release } = await holdBackWhatWaits()
    await open('/budgets')
    await asked
    const { body } = await sluice.upload('pumps.md', '# Pumps\n\nThe second pump is too loud.\n')
    while ((await sluice.document(body.document.documentId)).job.state !== 'deferred') await pause(20)
    await release()
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
    await page
      .getByRole('alert')
      .filter({ hasText: 'parse is mock now' })
      .getByRole('button', { name: 'Close' })
      .click()
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
    for (const path of [...paths, '/costs', '/errors', '/alerts', '/system', '/audit'])
      barriers.push(...(await findPageFaults(page, path, () => open(path))))
    assert.deepEqual(barriers, [])
    assert.deepEqual(dashboard.complaints, [])
  })
})
