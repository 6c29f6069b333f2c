import mammoth from 'mammoth'
import { AppError } from '../../contract/failure.ts'
import { htmlToMarkdown } from './html-to-markdown.ts'
import { checkOfficeZip } from './office-zip.ts'
import type { FormatParser } from './parse-task.ts'
import { createTextBudget } from './text-limit.ts'

const STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"]

/** One page (Word breaks pages only when it prints). Pictures and external links are not opened. */
export const parseDocx: FormatParser = async (bytes, { maxUnpackedBytes, maxTextBytes }) => {
  await checkOfficeZip(bytes, 'word/document.xml', maxUnpackedBytes)
  const html = await toHtml(bytes)
  const markdown = htmlToMarkdown(html, createTextBudget(maxTextBytes))
  return { pages: [{ pageNumber: 1, markdown }], notes: [] }
}

async function toHtml(buffer: Buffer): Promise<string> {
  try {
    const convertImage = mammoth.images.imgElement(async () => ({ src: '' }))
    return (await mammoth.convertToHtml({ buffer }, { styleMap: STYLES, convertImage })).value
  } catch (error) {
    throw new AppError('document_corrupt', 'The Word document cannot be read', { cause: error })
  }
}
