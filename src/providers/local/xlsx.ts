import { AppError } from '../../contract/failure.ts'
import type { ParsedPage } from '../../contract/page.ts'
import { readRelations, readXml } from './office-xml.ts'
import { checkOfficeZip, type OfficeZip } from './office-zip.ts'
import type { FormatParser } from './parse-task.ts'
import { pipeTable } from './pipe-table.ts'
import { createTextBudget, type TextBudget } from './text-limit.ts'
import { readNumberFormats } from './xlsx-number-format.ts'
import { readSharedStrings, readSheetRows } from './xlsx-sheet.ts'

const MAIN_PART = 'xl/workbook.xml'

/** One page a sheet, in the order of the tabs: its name as heading and its used cells as a pipe table. */
export const parseXlsx: FormatParser = async (bytes, { maxUnpackedBytes, maxTextBytes }) => {
  const zip = await checkOfficeZip(bytes, MAIN_PART, maxUnpackedBytes)
  const budget = createTextBudget(maxTextBytes)
  const { sheets, startsIn1904 } = await readWorkbook(zip)
  const context = { ...(await readTables(zip)), startsIn1904, budget }
  const pages: ParsedPage[] = []
  for (const { name, partName } of sheets) {
    const rows = await readSheetRows(zip, partName, context)
    pages.push({ pageNumber: pages.length + 1, markdown: sheetMarkdown(name, rows, createTextBudget(maxTextBytes)) })
  }
  if (pages.every(page => page.markdown === ''))
    throw new AppError('document_without_text', `None of the ${pages.length} sheets has a cell with content`)
  return { pages, notes: [] }
}

async function readWorkbook(zip: OfficeZip) {
  const relations = await readRelations(zip, MAIN_PART)
  const sheets: { name: string; partName: string }[] = []
  let startsIn1904 = false
  await readXml(zip, MAIN_PART, {
    open(tag, attributes) {
      if (tag === 'workbookPr') startsIn1904 = attributes.date1904 === '1' || attributes.date1904 === 'true'
      const relation = tag === 'sheet' ? relations.get(attributes['r:id'] ?? '') : undefined
      // A tab may also be a chart or a macro sheet, which has no cells.
      if (relation?.kind === 'worksheet') sheets.push({ name: attributes.name ?? '', partName: relation.partName })
    },
  })
  return { sheets, startsIn1904 }
}

async function readTables(zip: OfficeZip) {
  const parts = [...(await readRelations(zip, MAIN_PART)).values()]
  const nameOf = (kind: string) => parts.find(part => part.kind === kind)?.partName ?? ''
  return {
    strings: await readSharedStrings(zip, nameOf('sharedStrings')),
    formats: await readNumberFormats(zip, nameOf('styles')),
  }
}

function sheetMarkdown(name: string, rows: string[][], budget: TextBudget): string {
  return rows.length === 0 ? '' : `# ${name.replace(/\s+/g, ' ').trim()}\n\n${pipeTable(rows, budget)}`
}
