import { AppError } from '../../contract/failure.ts'
import type { FileType } from '../../contract/file-type.ts'
import { measureMarkdown } from '../../contract/measure-markdown.ts'
import type { PageTraits } from '../../contract/page-traits.ts'
import { countPagesTask } from './count-pages-task.ts'
import type { FormatParser, ParseTaskInput, ParseTaskOutput } from './parse-task.ts'
import { readWholeFile } from './read-whole-file.fs.ts'
import { checkText } from './text-limit.ts'

/** The names and the functions under which a child process parses files and counts their pages, for `serveTasks`. */
export const localParserTasks = { parse: parseFile, countPages: countPagesTask }

// Each format's libraries load on its first document, so that a child is small until it needs them.
const formats: Record<FileType, () => Promise<FormatParser>> = {
  pdf: async () => (await import('./pdf.ts')).parsePdf,
  docx: async () => (await import('./docx.ts')).parseDocx,
  pptx: async () => (await import('./pptx.ts')).parsePptx,
  xlsx: async () => (await import('./xlsx.ts')).parseXlsx,
  html: async () => (await import('./html.ts')).parseHtml,
  csv: async () => (await import('./csv.ts')).parseCsv,
  markdown: async () => (await import('./plain-text.ts')).parseMarkdown,
  text: async () => (await import('./plain-text.ts')).parsePlainText,
}

async function parseFile(input: ParseTaskInput): Promise<ParseTaskOutput> {
  try {
    const parse = await formats[input.fileType]()
    const bytes = await readWholeFile(input.path)
    if (bytes.byteLength === 0) throw new AppError('file_empty', 'The file has no bytes')
    const { pages, notes, pictures } = await parse(bytes, input)
    checkText(pages, input.maxTextBytes)
    const traits = pages.map(({ pageNumber, markdown }): PageTraits => {
      const wasRead: PageTraits['wasRead'] = pictures?.get(pageNumber) ?? 'text'
      return { pageNumber, ...measureMarkdown(markdown), picture: wasRead !== 'text', wasRead }
    })
    return { kind: 'parsed', pages, notes, traits }
  } catch (error) {
    if (error instanceof AppError) return { kind: 'failed', code: error.code, message: error.message }
    throw error
  }
}
