import { readXml } from './office-xml.ts'
import type { OfficeZip } from './office-zip.ts'

/** How the number in a cell is to be read; the decimals are those that the format shows, if it says. */
export type NumberFormat = { kind: 'date' | 'time' | 'dateTime' } | { kind: 'percent' | 'number'; decimals?: number }

const GENERAL: NumberFormat = { kind: 'number' }
const DAY_MS = 86_400_000

/** The format of each cell style of a workbook (`s` of a cell is its index). */
export async function readNumberFormats(zip: OfficeZip, partName: string): Promise<NumberFormat[]> {
  const codes = new Map<number, string>(BUILT_IN)
  const formats: NumberFormat[] = []
  let inCellFormats = false
  await readXml(zip, partName, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
      else if (name === 'cellXfs') inCellFormats = true
      else if (name === 'xf' && inCellFormats)
        formats.push(parseFormatCode(codes.get(Number(attributes.numFmtId)) ?? ''))
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false
    },
  })
  return formats
}

/** The formats that files use without spelling them out (ECMA-376 part 1, 18.8.30). */
const BUILT_IN: [number, string][] = [
  [1, '0'],
  [2, '0.00'],
  [3, '#,##0'],
  [4, '#,##0.00'],
  [9, '0%'],
  [10, '0.00%'],
  [14, 'yyyy-mm-dd'],
  [15, 'd-mmm-yy'],
  [16, 'd-mmm'],
  [17, 'mmm-yy'],
  [18, 'h:mm AM/PM'],
  [19, 'h:mm:ss AM/PM'],
  [20, 'h:mm'],
  [21, 'h:mm:ss'],
  [22, 'yyyy-mm-dd h:mm'],
  [37, '#,##0'],
  [38, '#,##0'],
  [39, '#,##0.00'],
  [40, '#,##0.00'],
  [45, 'mm:ss'],
  [46, '[h]:mm:ss'],
  [47, 'mm:ss.0'],
]

/** Decides by the first section of a format code, without its literals, colours and locales. */
export function parseFormatCode(code: string): NumberFormat {
  const [section = ''] = code.split(';')
  const plain = section.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[(?![hms]+\])[^\]]*\]/gi, '')
  if (/general/i.test(plain) || plain === '') return GENERAL
  const hasDay = /[yd]|mmm/i.test(plain)
  const hasTime = /[hs]/i.test(plain)
  if (hasDay) return { kind: hasTime ? 'dateTime' : 'date' }
  if (hasTime) return { kind: 'time' }
  if (/e[+-]/i.test(plain) || !/[0#?]/.test(plain) || plain.includes('/')) return GENERAL
  const decimals = /\.([0#?]+)/.exec(plain)?.[1]?.length ?? 0
  return { kind: plain.includes('%') ? 'percent' : 'number', decimals }
}

/** A number of a cell as text: dates as ISO 8601, percentages with their sign, others with the decimals of the format. */
export function formatNumber(value: number, format: NumberFormat, startsIn1904: boolean): string {
  if (format.kind === 'number') return rounded(value, format.decimals)
  if (format.kind === 'percent') return `${rounded(value * 100, format.decimals)}%`
  if (format.kind === 'time' && value >= 1) return `${Math.floor(value * 24)}:${clock(value).slice(3)}`
  if (format.kind === 'time') return clock(value)
  // Day 60 of the 1900 system is a 29 February 1900 that never was; the days before it are one later.
  const days = startsIn1904 ? value + 1462 : value < 60 ? value + 1 : value
  const date = new Date(Date.UTC(1899, 11, 30) + Math.round(days * DAY_MS))
  if (Number.isNaN(date.getTime()) || value < 0) return rounded(value, undefined)
  const day = date.toISOString().slice(0, 10)
  return format.kind === 'date' ? day : `${day} ${clock(value)}`
}

function rounded(value: number, decimals: number | undefined): string {
  return decimals === undefined ? String(Number(value.toPrecision(15))) : value.toFixed(Math.min(decimals, 20))
}

function clock(value: number): string {
  const seconds = Math.round((value - Math.floor(value)) * 86_400)
  return new Date(seconds * 1000).toISOString().slice(11, seconds % 60 === 0 ? 16 : 19)
}
