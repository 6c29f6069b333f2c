import { AppError } from '../../contract/failure.ts'
import type { FileType } from '../../contract/file-type.ts'
import type { CountTaskInput, CountTaskOutput, FormatCounter } from './count-task.ts'
import { readWholeFile } from './read-whole-file.fs.ts'

// Each format's libraries load on its first document, so that a child is small until it needs them.
const counters: Record<FileType, () => Promise<FormatCounter>> = {
  pdf: async () => (await import('./count-pages-pdf.ts')).countPdfPages,
  docx: async () => (await import('./count-pages-docx.ts')).countDocxPages,
  pptx: async () => (await import('./count-pages-office.ts')).countSlides,
  xlsx: async () => (await import('./count-pages-office.ts')).countSheets,
  html: async () => (await import('./count-pages-text.ts')).countHtmlPages,
  csv: async () => (await import('./count-pages-text.ts')).countCsvPages,
  markdown: async () => (await import('./count-pages-text.ts')).countTextPages,
  text: async () => (await import('./count-pages-text.ts')).countTextPages,
}

/** Counts a file's pages, in a child process. */
export async function countPagesTask(input: CountTaskInput): Promise<CountTaskOutput> {
  try {
    const count = await counters[input.fileType]()
    const bytes = await readWholeFile(input.path)
    if (bytes.byteLength === 0) throw new AppError('file_empty', 'The file has no bytes')
    return { kind: 'counted', pageCount: await count(bytes, input.maxUnpackedBytes) }
  } catch (error) {
    if (error instanceof AppError) return { kind: 'failed', code: error.code, message: error.message }
    throw error
  }
}
