import { AppError } from '../../contract/failure.ts'
import type { FormatCounter } from './count-task.ts'
import { readXml, type XmlHandlers } from './office-xml.ts'
import { checkOfficeZip, type OfficeZip } from './office-zip.ts'
import { countPrintedLines } from './printed-lines.ts'

/** A page of 12 points in double spacing; one in single spacing takes twice as many lines, and more on each. */
const COLUMNS_PER_LINE = 60
const LINES_PER_PAGE = 22
/** Such a page's lines are 29 points apart, in the units of pictures (12,700 a point). */
const PICTURE_UNITS_PER_LINE = 368_300
/** A drawing of the old kind does not say simply how high it is. */
const OLD_PICTURE_LINES = 11

/**
 * About how many pages Word would print: a DOCX says only what its writer counted last (`Pages` of docProps/app.xml, which may be missing, 0 or out of
 * date). The pages are estimated from the length of paragraphs and notes, the height of pictures, and breaks of pages and sections; the larger of
 * the two numbers counts. The estimate takes a page for one of double spacing, so that those of single spacing have a third to a half of it; documents in very large type can have more.
 */
export const countDocxPages: FormatCounter = async (bytes, maxUnpackedBytes) => {
  const zip = await checkOfficeZip(bytes, 'word/document.xml', maxUnpackedBytes)
  const estimated: Estimate = { lines: 0, breaks: 0, sections: 0, hasContent: false }
  for (const partName of ['word/document.xml', 'word/footnotes.xml', 'word/endnotes.xml'])
    await readXml(zip, partName, measure(estimated))
  if (!estimated.hasContent)
    throw new AppError('document_without_text', 'The Word document has neither text nor pictures')
  const { lines, breaks, sections } = estimated
  return Math.max(Math.ceil(lines / LINES_PER_PAGE) + breaks + Math.max(0, sections - 1), await claimedPages(zip))
}

interface Estimate {
  lines: number
  breaks: number
  sections: number
  hasContent: boolean
}

/** Adds what a part has to the estimate. */
function measure(estimated: Estimate): XmlHandlers {
  let text = ''
  let inText = false
  const addPicture = (lines: number) => {
    estimated.lines += Math.min(lines, LINES_PER_PAGE)
    estimated.hasContent = true
  }
  return {
    open(name, attributes) {
      if (name === 'w:t') inText = true
      else if (name === 'w:tab') text += '\t'
      else if (name === 'w:br') {
        if (attributes['w:type'] === 'page') estimated.breaks++
        else text += '\n'
      } else if (name === 'w:pageBreakBefore') estimated.breaks++
      else if (name === 'w:sectPr') estimated.sections++
      else if (name === 'w:pict') addPicture(OLD_PICTURE_LINES)
      else if (name === 'wp:extent') addPicture(Math.ceil((Number(attributes.cy) || 0) / PICTURE_UNITS_PER_LINE))
    },
    text(piece) {
      if (!inText) return
      text += piece
      if (!estimated.hasContent) estimated.hasContent = /\S/.test(piece)
    },
    close(name) {
      if (name === 'w:t') inText = false
      else if (name === 'w:p') {
        estimated.lines += countPrintedLines(text, COLUMNS_PER_LINE)
        text = ''
      }
    },
  }
}

async function claimedPages(zip: OfficeZip): Promise<number> {
  let text = ''
  let inPages = false
  await readXml(zip, 'docProps/app.xml', {
    open(name) {
      inPages = name === 'Pages'
    },
    text(piece) {
      if (inPages) text += piece
    },
    close() {
      inPages = false
    },
  })
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0
}
