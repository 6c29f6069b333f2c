import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type DashboardUnderTest, openDashboard, withoutBrowser } from './harness/open-dashboard.ts'
import { pause, type SluiceUnderTest } from './harness/sluice-under-test.ts'
import { until } from './harness/until.ts'

describe('dashboard: work on many documents, costs down to their lines, keyboard, marks', {
  skip: withoutBrowser,
}, () => {
  let dashboard: DashboardUnderTest
  let sluice: SluiceUnderTest
  let page: Page
  before(async () => {
    // Nothing is ever sent there: a budget of the one test that would keeps it back.
    const cloud = { LLAMA_CLOUD_API_KEY: 'llx-test', LLAMA_CLOUD_BASE_URL: 'http://127.0.0.1:9' }
    dashboard = await openDashboard({ SLUICE_PARSE_MODE: 'local', ...cloud })
    ;({ sluice, page } = dashboard)
  })
  after(() => dashboard?.close())
  afterEach(t => dashboard.tellOfFailure(t))
  const row = (name: string | RegExp) => page.getByRole('row', { name })
  const here = () => new URL(page.url()).searchParams

  async function drop(files: Record<string, string>): Promise<void> {
    const dataTransfer = await page.evaluateHandle<object>(`(() => {
      const transfer = new DataTransfer()
      for (const [name, text] of Object.entries(${JSON.stringify(files)})) transfer.items.add(new File([text], name))
      return transfer
    })()`)
    const box = page.getByText('Drop files here')
    for (const type of ['dragenter', 'dragover', 'drop']) await box.dispatchEvent(type, { dataTransfer })
  }

  test('files that are dropped are uploaded; those that failed are run again together, and those that wait are cancelled', async t => {
    await dashboard.open('/documents')
    await drop({
      'torn.pdf': '%PDF-1.7 and nothing else',
      'burnt.pdf': '%PDF-1.7 and some ash',
      'good.md': '# Dam\n\nIt holds.',
    })
    for (const name of ['torn.pdf', 'burnt.pdf', 'good.md']) {
      await page.getByRole('progressbar', { name: `Upload of ${name}` }).waitFor()
      await row(new RegExp(name)).waitFor()
    }
    await dashboard.see('taken')
    await page.getByLabel('State').selectOption('Failed')
    await row(/good\.md/).waitFor({ state: 'detached' })
    await row(/burnt\.pdf/)
      .getByText('Failed')
      .waitFor()
    await row(/torn\.pdf/)
      .getByText('Failed')
      .waitFor()
    assert.equal(here().get('state'), 'failed')
    await page.reload()
    await row(/torn\.pdf/).waitFor()
    assert.equal(await row(/good\.md/).count(), 0)
    await page.getByLabel('Select all that are shown').check()
    await page.getByRole('button', { name: 'Retry 2' }).click()
    await dashboard.see('2 documents run again')
    await sluice.settled()

    const budget = { service: 'embed', period: 'day', timeZone: 'UTC' }
    await sluice.request('PUT', '/v1/budgets/*/tiny', { ...budget, capNanoUsd: '1' })
    const freeAgain = () => sluice.request('DELETE', '/v1/budgets/*/tiny')
    t.after(freeAgain)
    await sluice.upload('pier.md', '# Pier\n\nThe pier is long.', { tags: ['sea'] })
    await sluice.upload('quay.md', '# Quay\n\nThe quay is wide.', { tags: ['sea'] })
    await page.getByRole('button', { name: 'Clear' }).click()
    await row(/good\.md/).waitFor()
    await page.getByLabel('Tag').fill('sea')
    await row(/good\.md/).waitFor({ state: 'detached' })
    assert.equal(here().get('tag'), 'sea')
    for (const name of [/pier\.md/, /quay\.md/]) await row(name).getByText('Deferred').waitFor()
    await page.getByLabel('Select all that are shown').check()
    await page.getByRole('button', { name: 'Cancel 2' }).click()
    for (const name of [/pier\.md/, /quay\.md/]) await row(name).getByText('Cancelled').waitFor()
    await freeAgain()
    await page.getByLabel('Select pier.md').check()
    await page.getByRole('button', { name: 'Retry 1' }).click()
    await row(/pier\.md/)
      .getByText('Succeeded')
      .waitFor()
    await row(/quay\.md/)
      .getByText('Cancelled')
      .waitFor()
  })

  test('what failed is grouped by its code, says what to do, and leads to the documents', async () => {
    await dashboard.open('/errors')
    await dashboard.see('2 failed')
    await dashboard.see(/What to do:/)
    await dashboard.see('2 documents:')
    await page.getByRole('link', { name: 'burnt.pdf' }).waitFor()
    await page.getByRole('link', { name: 'torn.pdf' }).click()
    await dashboard.see('Timeline')
    await dashboard.see('Why this route')
  })

  test('from a bar of the chart one comes to the lines of its day, and to a file of them', async () => {
    await dashboard.open('/costs')
    const lines = page.getByRole('row', { name: /Settlement/ })
    await lines.first().waitFor()
    await page.locator('figure .recharts-bar-rectangle').last().click()
    await dashboard.see('All days')
    const day = here().get('day') ?? ''
    await page.getByText(new RegExp(`The ${day}, a day of`)).waitFor()
    await lines.first().waitFor()
    for (const [name, cell] of [
      ['Service', 'Embedding|Embed'],
      ['Model', 'text-embedding'],
      ['Tenant', 'default'],
    ] as const) {
      await page.getByRole('radiogroup', { name: 'Sum by' }).getByText(name, { exact: true }).click()
      await row(new RegExp(cell)).first().waitFor()
    }
    for (const label of ['Paid', 'Held', 'In doubt', 'Avoided', 'Would have cost']) await dashboard.see(label)
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()])
    const saved = (await readFile(await file.path(), 'utf8')).trim().split(/\r?\n/)
    const { body } = await sluice.request<{ rows: unknown[] }>(
      'GET',
      `/v1/costs?by=call&from=${day}&to=${day}&tenant=*&limit=1000`,
    )
    assert.equal(saved.length, body.rows.length + 1)
    assert.match(file.suggestedFilename(), /^costs-.*\.csv$/)
  })

  test('a chart follows what is booked, and the time range', async () => {
    await dashboard.open('/')
    const chart = page.locator('figure[aria-label="Cost by day"]')
    const changes = async (doing: () => Promise<unknown>) => {
      const before = await chart.locator('svg.recharts-surface').textContent()
      await doing()
      await until('another chart', async () => (await chart.locator('svg.recharts-surface').textContent()) !== before)
    }
    await chart.locator('svg.recharts-surface').waitFor()
    // What a bar is worth is told by the scale beside it.
    await changes(() =>
      sluice.ingest('long.md', `# Sluices\n\n${'Water is let through a gate when it stands too high. '.repeat(400)}`),
    )
    await changes(() => page.getByLabel('Time range').selectOption('Last 90 days'))
  })

  test('all of it can be done by keyboard, and shows where the keyboard is', async () => {
    await dashboard.open('/documents')
    await row(/pier\.md/).waitFor()
    const seen: string[] = []
    const hidden: string[] = []
    const look = 'element => [getComputedStyle(element).outlineStyle, getComputedStyle(element).borderColor].join()'
    await page.evaluate(`window.atRest = new Map([...document.querySelectorAll('*')].map(e => [e, (${look})(e)]))`)
    while (seen.at(-1) !== 'Select pier.md' && seen.length < 60) {
      await page.keyboard.press('Tab')
      await pause(150)
      const [name, isShown] = await page.evaluate<[string, boolean]>(`(() => {
        const element = document.activeElement
        const name = element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent
        return [name, window.atRest.get(element) !== (${look})(element)]
      })()`)
      seen.push(name)
      if (!isShown) hidden.push(name)
    }
    for (const name of [
      'Overview',
      'Costs',
      'Audit',
      'Choose files',
      'Name contains',
      'State',
      'Select all that are shown',
    ])
      assert.ok(
        seen.some(text => text.includes(name)),
        `${name} is not among ${seen.join(' | ')}`,
      )
    assert.deepEqual(hidden, [])
    await page.keyboard.press('Space')
    await dashboard.see('1 document selected')
  })

  test('what was only imitated, and what was found by words alone, is marked', { timeout: 120_000 }, async () => {
    await sluice.request('PUT', '/v1/modes/*/parse', { mode: 'mock' })
    await sluice.ingest('sluice-gate.md', '# Gate\n\nThe gate is rusty.\n')
    await dashboard.open('/search?q=Which+gate+is+rusty')
    await page.getByText('Simulated', { exact: true }).first().focus()
    await dashboard.see(/Only imitated: parsing by/)
    dashboard.openAi.outage = { kind: 'down', requests: 0 }
    await page.getByLabel('Question').fill('What is rusty by the river?')
    await page.getByRole('button', { name: 'Search' }).click()
    await dashboard.see('Degraded: not all of it was searched by meaning')
    await dashboard.see('by words alone')
    dashboard.openAi.outage = null
  })

  test('what stands in for something better is marked as provisional, where it is found and where it is listed', async () => {
    const nothing = { service: 'parse', money: 'real', capNanoUsd: '1', period: 'day' }
    await sluice.request('PUT', '/v1/budgets/*/no-parsing', nothing)
    await sluice.request('PUT', '/v1/modes/*/parse', { mode: 'hybrid', policy: 'balanced' })
    const table = '| Gauge | Level |\n| --- | --- |\n| Heron Weir | 31 metres |\n| Otter Lock | 44 metres |\n'
    const { documentId } = await sluice.ingest('gauges.md', table)
    for (const path of ['/search?q=Level+at+Heron+Weir', `/documents/${documentId}`, '/documents?name=gauges.md']) {
      await dashboard.open(path)
      await page.getByText('Provisional', { exact: true }).first().focus()
      await dashboard.see(/Read here since the service that was wanted could not be had/)
    }
  })
})
