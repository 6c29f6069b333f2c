import type { Page, Request } from 'playwright-core'

/** What a page has asked the server, and what it shows: for the report of a test that fails. */
export interface PageWatch {
  report(): Promise<string>
}

const mostLines = 80

export function watchPage(page: Page): PageWatch {
  const lines: string[] = []
  const open = new Set<Request>()
  const note = (text: string) => {
    lines.push(`${new Date().toISOString().slice(11)} ${text}`)
    if (lines.length > mostLines) lines.shift()
  }
  const nameOf = (request: Request) => `${request.method()} ${request.url().replace(/^http:\/\/[^/]*/, '')}`
  const onApi = (told: (request: Request) => void) => (request: Request) => {
    if (request.url().includes('/v1/')) told(request)
  }
  page.on(
    'request',
    onApi(request => {
      open.add(request)
      note(`asks ${nameOf(request)}`)
    }),
  )
  page.on(
    'requestfinished',
    onApi(request => {
      open.delete(request)
      note(`has ${nameOf(request)}`)
    }),
  )
  page.on(
    'requestfailed',
    onApi(request => {
      open.delete(request)
      note(`fails ${nameOf(request)}: ${request.failure()?.errorText}`)
    }),
  )
  page.on('console', message => note(`says ${message.text()}`))
  page.on('framenavigated', frame => note(`is at ${new URL(frame.url()).pathname}`))
  return {
    async report() {
      const shown = await page.locator('body').innerText({ timeout: 5_000 })
      const unanswered = [...open].map(nameOf).join(', ')
      return `${lines.join('\n')}\nNot answered yet: ${unanswered}\nShown at ${new Date().toISOString().slice(11)}:\n${shown}`
    },
  }
}
