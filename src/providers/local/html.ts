import { decodeText } from './decode-text.ts'
import { htmlToMarkdown } from './html-to-markdown.ts'
import type { FormatParser } from './parse-task.ts'
import { createTextBudget } from './text-limit.ts'

/** One page; the title becomes the first heading unless the document's own first heading says the same. */
export const parseHtml: FormatParser = async (bytes, { maxTextBytes }) => {
  const html = decodeText(bytes, declaredCharset(bytes))
  const title = titleOf(html)
  const body = htmlToMarkdown(html, createTextBudget(maxTextBytes))
  const hasIt = title === '' || /^#{1,6} (.*)$/m.exec(body)?.[1]?.trim() === title
  return { pages: [{ pageNumber: 1, markdown: hasIt ? body : `# ${title}\n\n${body}` }], notes: [] }
}

/** From `<meta charset>`, `<meta http-equiv>` or the XML declaration, which HTML wants within the first 1,024 bytes. */
function declaredCharset(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 4096)
  return /<(?:meta|\?xml)\b[^>]*?\b(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1]
}

function titleOf(html: string): string {
  const title = /<title\b[^>]*>([^<]{0,1000})<\/title>/i.exec(html.slice(0, 200_000))?.[1] ?? ''
  return htmlToMarkdown(title, createTextBudget(10_000)).replace(/\s+/g, ' ')
}
