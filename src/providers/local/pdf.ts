import { AppError } from '../../contract/failure.ts'
import { checkWholePdf } from './check-whole-pdf.ts'
import { calmHeadings } from './ocr-headings.ts'
import type { FormatParser, OcrSettings } from './parse-task.ts'
import { findPicturePages, readPdf, readPictures } from './pdf-reader.ts'
import { stripRunningLines } from './running-lines.ts'
import { createTextBudget } from './text-limit.ts'

/** A page with fewer characters may be a picture with a page number. */
const SPARSE_CHARS = 24

/**
 * Markdown of each page; running headers and footers are dropped. Pages that are pictures are read by OCR where `ocr`
 * gives language data. Throws `document_mislabelled`, `document_encrypted`, `document_corrupt`, `document_scanned` or
 * `document_without_text`.
 */
export const parsePdf: FormatParser = async (bytes, { ocr, maxTextBytes }) => {
  checkWholePdf(bytes)
  const budget = createTextBudget(maxTextBytes)
  const pages = new Map<number, string>()
  const damaged: number[] = []
  for await (const { pageNumber, markdown } of readPdf(bytes)) {
    pages.set(pageNumber, budget.spend(markdown ?? ''))
    if (markdown === null) damaged.push(pageNumber)
  }
  if (damaged.length === pages.size)
    throw new AppError('document_corrupt', `None of the ${pages.size} pages of the PDF can be read`)
  const notes = noteOn(damaged, 'is damaged and was not read', 'are damaged and were not read')

  const sparse = [...pages].filter(([, text]) => text.length < SPARSE_CHARS).map(([pageNumber]) => pageNumber)
  const pictures = sparse.length === 0 ? [] : await findPicturePages(bytes)
  const unread = pictures.filter(pageNumber => sparse.includes(pageNumber))
  if (unread.length > 0) notes.push(...(await addPictures(bytes, ocr, unread, pages)))
  const read = ocr === null ? 'not' : 'ocr'
  const ordered = [...pages].toSorted(([a], [b]) => a - b)
  return {
    pages: stripRunningLines(ordered.map(([pageNumber, markdown]) => ({ pageNumber, markdown }))),
    notes,
    pictures: new Map(unread.map(pageNumber => [pageNumber, read])),
  }
}

/** Reads pages that are pictures into `pages`, or says that they could not be read. */
async function addPictures(
  bytes: Buffer,
  ocr: OcrSettings | null,
  pageNumbers: readonly number[],
  pages: Map<number, string>,
): Promise<string[]> {
  if (ocr === null) {
    if ([...pages.values()].every(text => text.length < SPARSE_CHARS))
      throw new AppError('document_scanned', `The ${pages.size} pages of the PDF are pictures without a text layer`)
    return noteOn(pageNumbers, 'is a picture and was not read', 'are pictures and were not read')
  }
  for await (const { pageNumber, markdown } of readPictures(bytes, ocr, pageNumbers))
    if (markdown !== null && markdown !== '') pages.set(pageNumber, calmHeadings(markdown))
  return noteOn(pageNumbers, 'is a picture and was read by OCR', 'are pictures and were read by OCR')
}

/** e.g. `Pages 2-4, 9 are …` */
function noteOn(pageNumbers: readonly number[], one: string, many: string): string[] {
  if (pageNumbers.length === 0) return []
  if (pageNumbers.length === 1) return [`Page ${pageNumbers[0]} ${one}.`]
  const ranges: [from: number, to: number][] = []
  for (const number of pageNumbers) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return [`Pages ${ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ')} ${many}.`]
}
