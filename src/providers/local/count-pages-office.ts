import { AppError } from '../../contract/failure.ts'
import type { FormatCounter } from './count-task.ts'
import { readRelations, readXml } from './office-xml.ts'
import { checkOfficeZip, type OfficeZip } from './office-zip.ts'

/** The slides of a presentation, hidden ones included. */
export const countSlides: FormatCounter = async (bytes, maxUnpackedBytes) => {
  const mainPart = 'ppt/presentation.xml'
  const zip = await checkOfficeZip(bytes, mainPart, maxUnpackedBytes)
  const slideCount = await countParts(zip, mainPart, 'p:sldId')
  if (slideCount === 0) throw new AppError('document_without_text', 'The presentation has no slides')
  return slideCount
}

/** The tabs of a workbook, hidden ones and those that show only a chart included. */
export const countSheets: FormatCounter = async (bytes, maxUnpackedBytes) => {
  const mainPart = 'xl/workbook.xml'
  const zip = await checkOfficeZip(bytes, mainPart, maxUnpackedBytes)
  const sheetCount = await countParts(zip, mainPart, 'sheet')
  if (sheetCount === 0) throw new AppError('document_without_text', 'The workbook has no sheets')
  return sheetCount
}

/** The elements of this name that refer to a part which is there. */
async function countParts(zip: OfficeZip, mainPart: string, elementName: string): Promise<number> {
  const relations = await readRelations(zip, mainPart)
  let count = 0
  await readXml(zip, mainPart, {
    open(name, attributes) {
      const part = name === elementName ? relations.get(attributes['r:id'] ?? '') : undefined
      if (part !== undefined && zip.has(part.partName)) count++
    },
  })
  return count
}
