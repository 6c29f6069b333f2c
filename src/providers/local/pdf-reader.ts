import { LiteParse, type LiteParseConfig, type ParseResult } from '@llamaindex/liteparse'
import { AppError } from '../../contract/failure.ts'
import type { OcrSettings } from './parse-task.ts'

const MAX_PAGES = 1_000_000
const BATCH_PAGES = 50
const OCR_BATCH_PAGES = 10
/** 150, LiteParse's own, makes OCR miss small print; 300 doubles its time. */
const OCR_DOTS_PER_INCH = 200
const SETTINGS: Partial<LiteParseConfig> = {
  ocrEnabled: false,
  outputFormat: 'markdown',
  imageMode: 'off',
  // LiteParse takes real headings that stand at the same place on many pages for page headers.
  keepHeadersFooters: true,
  continueOnPageError: true,
  maxPages: MAX_PAGES,
  numWorkers: 1,
  quiet: true,
}

export interface PdfPage {
  pageNumber: number
  /** Null for a page that is damaged. */
  markdown: string | null
}

/**
 * The pages of a PDF through LiteParse, batch by batch: a large document read at once takes more than 300 KB a page.
 * Throws `document_encrypted` or `document_corrupt`.
 */
export async function* readPdf(bytes: Buffer): AsyncGenerator<PdfPage> {
  const batches = new LiteParse(SETTINGS).parseBatches(bytes, { batchSize: BATCH_PAGES })
  for (;;) {
    const { value: batch, done } = await translated(batches.next())
    if (done) return
    yield* pagesOf(batch.result)
  }
}

/** Reads some pages by OCR, offline with the given language data. */
export async function* readPictures(
  bytes: Buffer,
  ocr: OcrSettings,
  pageNumbers: readonly number[],
): AsyncGenerator<PdfPage> {
  const { language: ocrLanguage, tessdataPath } = ocr
  const settings = {
    ...SETTINGS,
    ocrEnabled: true,
    ocrFailureFatal: false,
    ocrLanguage,
    tessdataPath,
    dpi: OCR_DOTS_PER_INCH,
  }
  for (let i = 0; i < pageNumbers.length; i += OCR_BATCH_PAGES) {
    const targetPages = pageNumbers.slice(i, i + OCR_BATCH_PAGES).join(',')
    yield* pagesOf(await translated(new LiteParse({ ...settings, targetPages }).parse(bytes)))
  }
}

/** The numbers of the pages that show something, but hold (nearly) no text. */
export async function findPicturePages(bytes: Buffer): Promise<number[]> {
  const pages = await translated(new LiteParse(SETTINGS).isComplex(bytes))
  return pages
    .filter(page => page.fullPageImage || page.imageBlockCount > 0 || (page.uncoveredVectorArea ?? 0) > 0)
    .map(page => page.pageNumber)
}

async function translated<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (/password/i.test((error as Error).message))
      throw new AppError('document_encrypted', 'The PDF opens only with a password', { cause: error })
    throw new AppError('document_corrupt', 'The PDF is damaged and cannot be opened', { cause: error })
  }
}

function* pagesOf({ pages, pageErrors }: ParseResult): Generator<PdfPage> {
  // LiteParse gives an empty page as an empty code block.
  for (const page of pages)
    yield { pageNumber: page.pageNum, markdown: page.text.trim() === '' ? '' : page.markdown.trim() }
  for (const { pageNum } of pageErrors) yield { pageNumber: pageNum, markdown: null }
}
