import { decodeText } from './decode-text.ts'
import type { FormatParser } from './parse-task.ts'

/** Text as it is; form feeds are page breaks. */
export const parsePlainText: FormatParser = async bytes => ({
  pages: decodeText(bytes)
    .replace(/\f$/, '')
    .split('\f')
    .map((markdown, i) => ({ pageNumber: i + 1, markdown })),
  notes: [],
})

/** Markdown as it is, front matter included; one page. */
export const parseMarkdown: FormatParser = async bytes => ({
  pages: [{ pageNumber: 1, markdown: decodeText(bytes) }],
  notes: [],
})
