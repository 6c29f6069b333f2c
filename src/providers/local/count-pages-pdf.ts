import { LiteParse } from '@llamaindex/liteparse'
import { AppError } from '../../contract/failure.ts'
import { checkWholePdf } from './check-whole-pdf.ts'
import type { FormatCounter } from './count-task.ts'

/** The highest page number that LiteParse takes. No PDF has this page, so that it opens the file and reads no page of it. */
const NO_PAGE = '4294967295'

/** As many pages as the page tree claims, which is how many the parser will find, damaged ones included. */
export const countPdfPages: FormatCounter = async bytes => {
  checkWholePdf(bytes)
  const pageCount = await readPageCount(bytes)
  if (pageCount === 0) throw new AppError('document_corrupt', 'The PDF has no pages that can be found')
  return pageCount
}

async function readPageCount(bytes: Buffer): Promise<number> {
  try {
    const reader = new LiteParse({ targetPages: NO_PAGE, outputFormat: 'text', ocrEnabled: false, quiet: true })
    return (await reader.parse(bytes)).totalPages
  } catch (error) {
    if (/password/i.test((error as Error).message))
      throw new AppError('document_encrypted', 'The PDF opens only with a password', { cause: error })
    throw new AppError('document_corrupt', 'The PDF is damaged and cannot be opened', { cause: error })
  }
}
