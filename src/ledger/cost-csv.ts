import type { CostEntry, CostKey, CostRow } from '../contract/costs.ts'

type Cell = string | number | boolean | null | undefined
interface Column<Row> {
  name: string
  of: (row: Row) => Cell
}

/** The head line of an export, and the lines of its rows (RFC 4180), each with its line end. */
export interface CsvFormat<Row> {
  head: string
  lines(rows: readonly Row[]): string
}

/** Amounts are integer nano-dollars. */
export function sumsCsv(by: readonly CostKey[]): CsvFormat<CostRow> {
  return csvFormat([
    ...by.flatMap(key => keyColumns[key]),
    ...columnsOf<CostRow>('calls', 'simulatedCalls'),
    { name: 'pages', of: row => row.units.pages },
    { name: 'tokens', of: row => row.units.tokens },
    ...columnsOf<CostRow>('costNanoUsd', 'shadowNanoUsd', 'heldNanoUsd', 'inDoubtNanoUsd', 'avoidedNanoUsd'),
    ...columnsOf<CostRow>('avoidedShadowNanoUsd'),
  ])
}

export function callsCsv(): CsvFormat<CostEntry> {
  return csvFormat([
    ...columnsOf<CostEntry>(
      'at',
      'bookedAt',
      'tenantId',
      'entryId',
      'callId',
      'kind',
      'service',
      'purpose',
      'provider',
    ),
    ...columnsOf<CostEntry>('model', 'mode'),
    ...columnsOf<CostEntry>('simulated', 'documentId', 'fileName', 'jobId', 'units', 'unit', 'costNanoUsd'),
    ...columnsOf<CostEntry>('shadowNanoUsd', 'heldNanoUsd', 'avoidedNanoUsd', 'avoidedShadowNanoUsd', 'note'),
    { name: 'tags', of: entry => entry.tags.join('; ') },
    { name: 'reasons', of: entry => entry.reasons.join('; ') },
  ])
}

const keyColumns: Record<CostKey, Column<CostRow>[]> = {
  day: columnsOf('day'),
  service: columnsOf('service'),
  purpose: columnsOf('purpose'),
  provider: columnsOf('provider'),
  model: columnsOf('model'),
  document: columnsOf('documentId', 'fileName'),
  tag: columnsOf('tag'),
  tenant: columnsOf('tenantId'),
}

function columnsOf<Row>(...names: (keyof Row & string)[]): Column<Row>[] {
  return names.map(name => ({ name, of: row => row[name] as Cell }))
}

function csvFormat<Row>(columns: readonly Column<Row>[]): CsvFormat<Row> {
  const line = (cells: readonly Cell[]) => `${cells.map(cellText).join(',')}\r\n`
  return {
    head: line(columns.map(column => column.name)),
    lines: rows => rows.map(row => line(columns.map(column => column.of(row)))).join(''),
  }
}

function cellText(cell: Cell): string {
  const text = String(cell ?? '')
  // A file name that begins like a formula would be run by a spreadsheet; numbers may begin with a minus.
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-\d+$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
