import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { findPageFaults } from './harness/find-page-faults.ts'
import type { OpenAiServer } from './harness/open-ai-server.ts'
import { type DashboardUnderTest, openDashboard, withoutBrowser } from './harness/open-dashboard.ts'
import type { Client, SluiceUnderTest } from './harness/sluice-under-test.ts'
import { writeMarkdown } from './harness/texts.ts'
import { until } from './harness/until.ts'

describe('dashboard: versions, tenants, ranges and doubts', { skip: withoutBrowser }, () => {
  let dashboard: DashboardUnderTest
  let sluice: SluiceUnderTest
  let openAi: OpenAiServer
  let page: Page
  before(async () => {
    dashboard = await openDashboard()
    ;({ sluice, openAi, page } = dashboard)
  })
  after(() => dashboard?.close())
  afterEach(t => dashboard.tellOfFailure(t))
  const open = (path: string) => dashboard.open(path)
  const see = (text: string | RegExp) => dashboard.see(text)

  test('an earlier version is made live again after a question, and any version can be read', async () => {
    const { documentId, live } = await sluice.ingest('weirs.md', writeMarkdown(7, 6, 80))
    const first = live?.versionId ?? ''
    await sluice.request('POST', `/v1/documents/${documentId}/versions`, { chunking: { maxTokens: 64 } })
    await sluice.settled()
    const liveNow = async () => (await sluice.document(documentId)).live?.versionId
    assert.notEqual(await liveNow(), first)
    await open(`/documents/${documentId}`)
    const chunks = page.getByRole('region', { name: 'Chunks of this page' }).getByRole('button')
    await chunks.first().waitFor()
    const small = await chunks.count()
    const row = page.getByRole('region', { name: `Version ${first.slice(-6)}` })
    await row.getByRole('link', { name: 'Its pages' }).click()
    assert.equal(new URL(page.url()).searchParams.get('version'), first)
    await until('fewer chunks are shown', async () => (await chunks.count()) < small)
    await row.getByRole('button', { name: 'Make live' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('small chunks lose context')
    await page.getByRole('button', { name: 'Make it live' }).click()
    await row.getByText('Live, rolled back').waitFor()
    assert.equal(await liveNow(), first)
    await page.getByRole('link', { name: 'Audit' }).click()
    await see(/small chunks lose context/)
  })

  test('a tenant that an admin chooses goes along from page to page', async () => {
    const acme = await sluice.clientOf('acme')
    await acme.ingest('turbines.md', '# Turbines\n\nThe turbine of Acme hums at night.\n')
    await open('/documents')
    await page.getByRole('row', { name: /weirs\.md/ }).waitFor()
    await page.getByLabel('Tenant').and(page.locator(':visible')).selectOption('acme')
    await page.getByRole('row', { name: /turbines\.md/ }).waitFor()
    assert.equal(await page.getByRole('row', { name: /weirs\.md/ }).count(), 0)
    await page.getByRole('link', { name: 'Search' }).click()
    await page.getByLabel('Question').fill('What hums at night?')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByRole('link', { name: 'turbines.md' }).click()
    await see('Pages and chunks')
    assert.equal(new URL(page.url()).searchParams.get('tenant'), 'acme')
    await page.getByRole('button', { name: 'Process again' }).click()
    await until('Acme has a second version', async () => (await versionsOf(acme)) === 2)
    await page.getByRole('link', { name: 'Documents' }).click()
    await page.locator('input[type=file]').setInputFiles({
      name: 'for-acme.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Brought in for Acme by an admin.'),
    })
    await page
      .getByRole('row', { name: /for-acme\.txt/ })
      .getByText('Succeeded')
      .waitFor()
    assert.ok((await acme.settled()).some(({ fileName }) => fileName === 'for-acme.txt'))
    await open('/costs')
    await page.getByRole('link', { name: 'for-acme.txt' }).first().click()
    await page.getByRole('heading', { name: 'for-acme.txt' }).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('tenant'), 'acme')
  })

  test('a range between two moments stands in the URL and goes along', async () => {
    await sluice.ingest('torn.pdf', '%PDF-1.7 and nothing else')
    await open('/errors')
    await see('torn.pdf')
    await page.getByLabel('Time range').selectOption('From … to …')
    await page.getByLabel('From').fill('2026-01-05T00:00')
    await page.getByLabel('To', { exact: true }).fill('2026-01-04T00:00')
    await see('The end must be after the beginning')
    await page.getByLabel('To', { exact: true }).fill('2026-01-12T00:00')
    await page.getByRole('button', { name: 'Show' }).click()
    await see('Nothing failed in this range')
    for (const name of ['Costs', 'Overview', 'Errors']) {
      await page.getByRole('link', { name }).first().click()
      await page.getByRole('heading', { name, level: 1 }).waitFor()
      assert.equal(await page.getByLabel('From').inputValue(), '2026-01-05T00:00')
    }
    const { searchParams } = new URL(page.url())
    assert.equal(Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? ''), 7 * 86_400_000)
    await page.getByLabel('Time range').selectOption('Last hour')
    await see('torn.pdf')
  })

  test('a call in doubt is booked as what the bill says, after a question, and its document goes on', async () => {
    await open('/services')
    await see('No call is in doubt')
    openAi.simulator.inject({ kind: 'connection_lost', billed: false })
    await sluice.search('a question that never arrived')
    await page.getByRole('button', { name: 'Not charged', exact: true }).click()
    const question = page.getByRole('dialog')
    await question.getByLabel('Reason').fill('the provider has no record of it')
    await question.getByRole('button', { name: 'Book as not charged' }).click()
    await see('No call is in doubt')
    openAi.simulator.inject({ kind: 'connection_lost', billed: true })
    const { body } = await sluice.upload('doubt.md', '# Doubt\n\nNobody knows whether this was charged.\n')
    await page.getByRole('button', { name: 'Charged', exact: true }).click()
    const dialog = page.getByRole('dialog')
    assert.ok(await dialog.getByRole('button', { name: 'Book as charged' }).isDisabled())
    await dialog.getByLabel('Reason').fill('it is on the bill of November')
    await dialog.getByRole('button', { name: 'Book as charged' }).click()
    await see('No call is in doubt')
    const { documentId, job } = body.document
    await until('it is done', async () => (await sluice.job(job.jobId)).state === 'succeeded')
    await open(`/documents/${documentId}`)
    await page.getByLabel('Costs').getByText('Settlement').nth(1).waitFor()
  })

  test('the services page says what room there is, and sets what was paid beside what was simulated', async () => {
    await sluice.request('PUT', '/v1/modes/acme/embed', { mode: 'mock' })
    await (await sluice.clientOf('acme')).ingest('mocked.md', '# Mocked\n\nOnly a rehearsal for Acme.\n')
    await open('/services')
    await page
      .getByRole('row', { name: /Requests: \d+ of/ })
      .getByText('Now')
      .waitFor()
    const table = page.getByRole('region', { name: 'Embedding: real beside simulated' })
    await table.getByRole('columnheader', { name: /openai Real/ }).waitFor()
    await table.getByRole('columnheader', { name: /openai Simulated/ }).waitFor()
    const prices = await table
      .getByRole('row', { name: /million tokens/ })
      .getByRole('cell')
      .allInnerTexts()
    assert.deepEqual(
      prices.map(text => text.replaceAll(/\s+/g, ' ')),
      ['$0.02', '$0.00 $0.02 at real prices'],
    )
  })

  test('what was added has no barrier either, and fits a phone', async () => {
    const weirs = (await sluice.settled()).find(({ fileName }) => fileName === 'weirs.md')
    const between = 'from=2026-01-05T00:00:00Z&to=2026-01-12T00:00:00Z'
    const faults = [
      ...(await findPageFaults(page, 'a document with versions', () => open(`/documents/${weirs?.documentId}`))),
      ...(await findPageFaults(page, 'a range between two moments', () => open(`/?${between}`))),
      ...(await findPageFaults(page, 'services with several providers', () => open('/services'))),
    ]
    assert.deepEqual(faults, [])
    assert.deepEqual(dashboard.complaints, [])
  })
})

async function versionsOf(client: Client): Promise<number> {
  const [newest] = await client.settled()
  return newest === undefined ? 0 : (await client.document(newest.documentId)).versions.length
}
