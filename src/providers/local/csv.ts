import { type Options, parse } from 'csv-parse/sync'
import { decodeText } from './decode-text.ts'
import type { FormatParser } from './parse-task.ts'
import { pipeTable } from './pipe-table.ts'
import { createTextBudget } from './text-limit.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const

/** One page with one pipe table; the first row is its header. A file with broken quotes is read with quotes as text. */
export const parseCsv: FormatParser = async (bytes, { maxTextBytes }) => {
  const text = decodeText(bytes)
  const budget = createTextBudget(maxTextBytes)
  const { rows, notes } = readRows(text, detectDelimiter(text))
  return { pages: [{ pageNumber: 1, markdown: pipeTable(rows, budget) }], notes }
}

function readRows(text: string, delimiter: string): { rows: string[][]; notes: string[] } {
  const options: Options = { delimiter, relaxColumnCount: true, skipEmptyLines: true, skipRecordsWithEmptyValues: true }
  try {
    return { rows: parse(text, options) as string[][], notes: [] }
  } catch {
    const rows = parse(text, { ...options, quote: null }) as string[][]
    return { rows, notes: ['The quotes of the CSV file do not pair up; they were kept as text.'] }
  }
}

/** The delimiter that splits the first lines into the most equal and most numerous fields; a comma when none does. */
function detectDelimiter(text: string): string {
  const lines = text.slice(0, 64_000).split('\n').slice(0, 20)
  const sample = lines.map(line => line.replace(/"[^"]*"/g, '')).filter(line => line.trim() !== '')
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const counts = sample.map(line => line.split(delimiter).length - 1)
    const usual = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0
    const agreeing = counts.filter(count => count === usual).length
    const score = usual > 0 ? agreeing * 1000 + usual : 0
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}
