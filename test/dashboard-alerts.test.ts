import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { type AlertReceiver, startAlertReceiver } from './harness/alert-receiver.ts'
import { findBarriers } from './harness/browser.ts'
import { type DashboardUnderTest, openDashboard, withoutBrowser } from './harness/open-dashboard.ts'

describe('the page Alerts', { skip: withoutBrowser }, () => {
  let dashboard: DashboardUnderTest
  let receiver: AlertReceiver
  let page: Page
  const card = (name: string) => page.getByRole('region', { name })

  before(async () => {
    receiver = await startAlertReceiver()
    dashboard = await openDashboard({ SLUICE_ALERT_PRIVATE_ADDRESSES: 'on' })
    page = dashboard.page
    await dashboard.open('/alerts')
  })
  after(async () => {
    await dashboard?.close()
    await receiver?.close()
  })
  afterEach(t => dashboard.tellOfFailure(t))

  test('somebody is told: a webhook is added, its secret shown once, and a test sent', async () => {
    await page.getByText('Nobody is told').waitFor()
    await page.getByRole('button', { name: 'Tell somebody' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('on call')
    await dialog.getByLabel('Address').fill(`${receiver.url}/on-call`)
    await dialog.getByRole('button', { name: 'Tell', exact: true }).click()
    await dialog.getByText(/^whsec_/).waitFor()
    await dialog.getByRole('button', { name: 'I have kept it' }).click()
    await card('Who is told').getByRole('button', { name: 'Test' }).click()
    await page.getByText(/on call took the test after/).waitFor()
    assert.equal(receiver.letters.length, 1)
  })

  test('an alert that is raised is seen without a reload, and what is given up is told again by a click', async () => {
    receiver.status = 410
    await dashboard.sluice.sql(
      `INSERT INTO sluice.alerts (tenant_id, kind, subject, details) VALUES ('default', 'call_stuck', 's-1', $1)`,
      [{ provider: 'llamaparse', remoteId: 'job-7' }],
    )
    await card('Alerts').getByText('Llamaparse did not finish job job-7 in time').waitFor()
    const delivery = card('Deliveries').getByRole('row', { name: /on call/ })
    await delivery.getByText('Given up').waitFor()
    await card('Who is told').getByText('Off', { exact: true }).waitFor()
    receiver.status = 204
    await card('Who is told').getByRole('button', { name: 'Switch on' }).click()
    await delivery.getByRole('button', { name: 'Replay' }).click()
    await delivery.getByText('Delivered').waitFor()
    assert.equal(receiver.letters.length, 3)
  })

  test('a rule is changed, and what it raises then lasts until it is over', async () => {
    await page.getByRole('button', { name: 'Change rule disk_full' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(/Alert above/).fill('0')
    for (const label of ['How long it must be so', 'How long it must be well']) await dialog.getByLabel(label).fill('0')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await card('Rules').getByText('Disk full (changed)').waitFor()
    const alert = card('Alerts').getByRole('row', { name: /Disk full/ })
    await alert.getByText('Lasts').waitFor()
    await card('Rules').getByText('1 last').waitFor()
    await page.getByRole('button', { name: 'Change rule disk_full' }).click()
    await page.getByRole('dialog').getByRole('switch', { name: 'On' }).uncheck({ force: true })
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await alert.getByText('Lasts').waitFor({ state: 'detached' })
  })

  test('axe finds no barrier, in both themes and on a telephone', async () => {
    assert.deepEqual(await findBarriers(page, 'all'), [])
    await page.getByRole('button', { name: /theme|dark/i }).click()
    assert.deepEqual(await findBarriers(page, 'colours'), [])
    await page.setViewportSize({ width: 390, height: 844 })
    const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
    assert.equal(isWide, false)
  })
})
