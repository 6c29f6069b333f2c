import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The Chromium of this machine; null where there is none. */
export function findChromium(): string | null {
  return places.find(path => path !== '' && existsSync(path)) ?? null
}

export async function launchChromium(executablePath: string): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
  return await chromium.launch({ executablePath, args })
}

/**
 * What axe finds on a page against WCAG 2.1 A and AA, a line for each place; `colours`: that alone which a theme changes. Of a
 * table the first rows, since the others are like them.
 */
export async function findBarriers(page: Page, rules: 'all' | 'colours'): Promise<string[]> {
  const runOnly = rules === 'all' ? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] : ['color-contrast']
  await page.evaluate(`window.axe || (() => { ${axe.source} })()`)
  return await page.evaluate<string[]>(`axe
    .run({ exclude: 'tbody tr:nth-child(n+4)' }, { runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => id + ' ' + target.join(' ') + ' ' + (any[0] ? any[0].message : ''))))`)
}
