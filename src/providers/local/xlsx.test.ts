import assert from 'node:assert/strict'
import { test } from 'node:test'
import ExcelJS from 'exceljs'
import { buildXlsx } from './__fixtures__/build-office.ts'
import { parseXlsx } from './xlsx.ts'
import { formatNumber, parseFormatCode } from './xlsx-number-format.ts'

const limits = { path: '', fileType: 'xlsx', maxUnpackedBytes: 1e7, maxTextBytes: 1e6, ocr: null } as const

test('a workbook of another program reads as people see it, a page a sheet', async () => {
  const workbook = new ExcelJS.Workbook()
  const readings = workbook.addWorksheet('Readings')
  readings.addRow(['Day', 'Flow', 'Share', 'Double', 'Fine', 'Note'])
  const row = readings.addRow([
    new Date(Date.UTC(2025, 1, 28)),
    1234.5,
    0.125,
    { formula: 'B2*2', result: 2469 },
    true,
    'a|b\nc',
  ])
  row.getCell(2).numFmt = '#,##0.00'
  row.getCell(3).numFmt = '0.0%'
  const far = workbook.addWorksheet('Far & wide')
  far.getCell('B2').value = { richText: [{ text: 'rich ' }, { text: 'text' }] }
  far.getCell('XFD1048576').value = 'far'
  workbook.addWorksheet('Empty')
  const { pages } = await parseXlsx(Buffer.from(await workbook.xlsx.writeBuffer()), limits)
  assert.deepEqual(pages, [
    {
      pageNumber: 1,
      markdown:
        '# Readings\n\n| Day | Flow | Share | Double | Fine | Note |\n| --- | --- | --- | --- | --- | --- |\n| 2025-02-28 | 1234.50 | 12.5% | 2469 | TRUE | a\\|b c |',
    },
    { pageNumber: 2, markdown: '# Far & wide\n\n| rich text |  |\n| --- | --- |\n|  | far |' },
    { pageNumber: 3, markdown: '' },
  ])
})

test('cells without references, inline strings, errors and built-in formats are read', async () => {
  const rows =
    '<row><c t="s"><v>0</v></c><c s="1"><v>45716</v></c><c s="2"><v>0.5</v></c></row>' +
    '<row><c t="inlineStr"><is><t>in &lt;line&gt;</t></is></c><c t="e"><v>#DIV/0!</v></c><c t="str"><f>A1</f><v>sum</v></c></row>'
  const { pages } = await parseXlsx(buildXlsx([{ name: 'S', rows }], ['shared']), limits)
  assert.equal(
    pages[0]?.markdown,
    '# S\n\n| shared | 2025-02-28 | 50.00% |\n| --- | --- | --- |\n| in <line> | #DIV/0! | sum |',
  )
})

test('I26: a sheet of far-apart cells is refused before its table fills the memory', async () => {
  const column = (n: number) =>
    String.fromCharCode(65 + Math.floor(n / 676), 65 + (Math.floor(n / 26) % 26), 65 + (n % 26))
  const rows = Array.from({ length: 3000 }, (_, i) => `<row><c r="${column(i)}${i + 1}"><v>1</v></c></row>`).join('')
  await assert.rejects(parseXlsx(buildXlsx([{ name: 'S', rows }]), limits), { code: 'parse_output_too_large' })
})

test('numbers, dates and times follow their format', () => {
  const cases: [value: number, code: string, text: string, startsIn1904?: boolean][] = [
    [0.1 + 0.2, 'General', '0.3'],
    [1e21, '', '1e+21'],
    [-2.345, '0.00;[Red]-0.00', '-2.35'],
    [5, '#,##0" days"', '5'],
    [45716.75, 'dd.mm.yyyy hh:mm', '2025-02-28 18:00'],
    [45716, '[$-407]d. mmmm yyyy', '2025-02-28'],
    [1, 'yyyy-mm-dd', '1900-01-01'],
    [61, 'yyyy-mm-dd', '1900-03-01'],
    [44254, 'yyyy-mm-dd', '2025-02-28', true],
    [0.5, 'h:mm AM/PM', '12:00'],
    [1.5, '[h]:mm', '36:00'],
    [0.256, '0%', '26%'],
    [0.5, '# ?/?', '0.5'],
  ]
  for (const [value, code, text, startsIn1904 = false] of cases)
    assert.equal(formatNumber(value, parseFormatCode(code), startsIn1904), text, `${value} as ${code}`)
})
