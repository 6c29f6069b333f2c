import type { Page } from 'playwright-core'
import { findBarriers } from './browser.ts'
import { until } from './until.ts'

/** Barriers that axe knows on a page, in either theme, how it moves while it loads, and what is wider than a phone. Leaves it as on a phone. */
export async function findPageFaults(page: Page, path: string, open: () => Promise<unknown>): Promise<string[]> {
  const faults: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (colorScheme === 'light') {
      await page.setViewportSize({ width: 1280, height: 900 })
      await open()
      await page.locator('h1').waitFor()
      await page.locator('[aria-label=Loading]').first().waitFor({ state: 'detached' })
      const shift = await page.evaluate<number>(shiftSoFar)
      if (shift > 0.1) faults.push(`${path} moves by ${shift.toFixed(3)}`)
    }
    const rules = colorScheme === 'light' ? 'all' : 'colours'
    for (const barrier of await findBarriers(page, rules)) faults.push(`${path} ${colorScheme}: ${barrier}`)
  }
  await page.setViewportSize({ width: 390, height: 844 })
  // Charts find their new width a moment later.
  const giveUpAt = Date.now() + 5_000
  const wide = await until('the page has its width', async () => {
    const found = await page.evaluate<string[]>(tooWide)
    return found.length === 0 || Date.now() > giveUpAt ? found : null
  })
  for (const element of wide) faults.push(`${path} is wider than a phone: ${element}`)
  return faults
}

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
