import { readXml } from './office-xml.ts'
import type { OfficeZip } from './office-zip.ts'
import type { TextBudget } from './text-limit.ts'
import { formatNumber, type NumberFormat } from './xlsx-number-format.ts'

export interface SheetContext {
  strings: readonly string[]
  formats: readonly NumberFormat[]
  startsIn1904: boolean
  budget: TextBudget
}

/** The strings that cells refer to by index, without the phonetic readings that Japanese files add. */
export async function readSharedStrings(zip: OfficeZip, partName: string): Promise<string[]> {
  const strings: string[] = []
  let text = ''
  let inText = false
  let inPhonetic = false
  await readXml(zip, partName, {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 'rPh') inPhonetic = true
      else if (name === 't') inText = !inPhonetic
    },
    text(piece) {
      if (inText) text += piece
    },
    close(name) {
      if (name === 't') inText = false
      else if (name === 'rPh') inPhonetic = false
      else if (name === 'si') strings.push(text)
    },
  })
  return strings
}

interface Cell {
  reference: string
  type: string
  style: number
  text: string
}

/**
 * The rows of a sheet as readable text: formulas as their last result, dates as ISO 8601. Empty rows and columns are
 * left out, so that a lone cell far away costs nothing.
 */
export async function readSheetRows(zip: OfficeZip, partName: string, context: SheetContext): Promise<string[][]> {
  const rows: Map<number, string>[] = []
  let row = new Map<number, string>()
  let cell: Cell | null = null
  let inValue = false
  let nextColumn = 1
  await readXml(zip, partName, {
    open(name, attributes) {
      if (name === 'row') {
        row = new Map()
        nextColumn = 1
      } else if (name === 'c')
        cell = { reference: attributes.r ?? '', type: attributes.t ?? 'n', style: Number(attributes.s ?? 0), text: '' }
      else if (name === 'v' || name === 't') inValue = true
    },
    text(piece) {
      if (inValue && cell !== null) cell.text += piece
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'c' && cell !== null) {
        const column = columnOf(cell.reference) ?? nextColumn
        const text = readable(cell, context)
        if (/\S/.test(text)) row.set(column, context.budget.spend(text))
        nextColumn = column + 1
        cell = null
      } else if (name === 'row' && row.size > 0) rows.push(row)
    },
  })
  return alignColumns(rows, context.budget)
}

function readable({ type, style, text }: Cell, { strings, formats, startsIn1904 }: SheetContext): string {
  if (type === 's') return strings[Number(text)] ?? ''
  if (type === 'b') return text === '1' ? 'TRUE' : 'FALSE'
  if (type === 'n' && text.trim() !== '' && Number.isFinite(Number(text)))
    return formatNumber(Number(text), formats[style] ?? { kind: 'number' }, startsIn1904)
  return text
}

function columnOf(reference: string): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0]
  if (letters === undefined) return null
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column
}

function alignColumns(rows: readonly Map<number, string>[], budget: TextBudget): string[][] {
  const used = new Set<number>()
  for (const row of rows) for (const column of row.keys()) used.add(column)
  const columns = [...used].toSorted((a, b) => a - b)
  // Cells on a diagonal make a table of nothing but separators, three bytes each.
  budget.spendBytes(rows.length * columns.length * 3)
  return rows.map(row => columns.map(column => row.get(column) ?? ''))
}
