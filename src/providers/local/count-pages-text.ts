import { AppError } from '../../contract/failure.ts'
import type { FormatCounter } from './count-task.ts'
import { decodeText } from './decode-text.ts'
import { countPrintedLines } from './printed-lines.ts'

/** LibreOffice prints 80 columns and 64 lines of a plain text on an A4 page; with fewer lines the number is rather too high. */
const COLUMNS_PER_LINE = 80
const LINES_PER_PAGE = 50
/** LlamaParse keeps no more text of one page (its documentation). */
const MAX_PAGE_BYTES = 64 * 1024

/**
 * Pages of a text or a Markdown file as they would be printed, with a new one at each form feed. How LlamaParse divides such files is not
 * documented: as one page, at every 64 KB, or as a printer does. This is the largest of the three.
 */
export const countTextPages: FormatCounter = async bytes => {
  const parts = readableText(bytes).replace(/\f$/, '').split('\f')
  let pageCount = 0
  for (const part of parts)
    pageCount += Math.max(1, Math.ceil(countPrintedLines(part, COLUMNS_PER_LINE) / LINES_PER_PAGE))
  return Math.max(pageCount, pagesOfBytes(bytes))
}

/** A CSV file is one sheet, and a sheet is one page (documented), for each 64 KB, which is as much as is kept of a page. */
export const countCsvPages: FormatCounter = async bytes => {
  readableText(bytes)
  return pagesOfBytes(bytes)
}

/** One page, whatever its length (a guess); a page of scripts alone is not found out. */
export const countHtmlPages: FormatCounter = async bytes => {
  decodeText(bytes)
  return 1
}

function readableText(bytes: Buffer): string {
  const text = decodeText(bytes)
  if (!/\S/.test(text)) throw new AppError('document_without_text', 'The file has no text')
  return text
}

function pagesOfBytes(bytes: Buffer): number {
  return Math.ceil(bytes.byteLength / MAX_PAGE_BYTES)
}
